package dev.latchkey.gateway.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/**
 * The other end of a connection: the client, or a proxy in front of it. Made once, because each request is forwarded
 * with its text.
 *
 * @param text of the address, in its canonical form (RFC 5952), so that one client has one name
 */
public record Peer(InetAddress address, String text) {

    public static Peer of(InetAddress address) {
        return new Peer(address, NetUtil.toAddressString(address));
    }
}
