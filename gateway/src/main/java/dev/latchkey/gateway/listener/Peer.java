package dev.latchkey.gateway.listener;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The other end of a connection: the client, or a proxy in front. */
final class Peer {

    private Peer() {}

    /** Empty unless it is an IP connection. */
    static Optional<InetAddress> of(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? Optional.ofNullable(remote.getAddress())
                : Optional.empty();
    }

    static String text(Channel channel) {
        return of(channel).map(NetUtil::toAddressString).orElse("unknown");
    }
}
