package dev.latchkey.gateway.pipeline.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Optional;

/** Reads and writes addresses as text without ever asking a name server. */
public final class IpAddresses {

    private static final int LONGEST = 64;

    private IpAddresses() {}

    /** An address alone; an IPv4 address in IPv6 form is IPv4. */
    public static Optional<InetAddress> literal(String text) {
        boolean mayBe = !text.isEmpty() && text.length() <= LONGEST && text.indexOf('[') < 0;
        return mayBe ? Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(text)) : Optional.empty();
    }

    /** An entry of {@code X-Forwarded-For}: an address, or one with a port, IPv6 then in brackets. */
    static Optional<InetAddress> entry(String text) {
        int close = text.indexOf(']');
        if (text.startsWith("[") && close > 0) {
            return isPortOrNothing(text.substring(close + 1)) ? literal(text.substring(1, close)) : Optional.empty();
        }
        int colon = text.indexOf(':');
        boolean hasPort = colon > 0 && colon == text.lastIndexOf(':');
        if (!hasPort) {
            return literal(text);
        }
        return isPortOrNothing(text.substring(colon)) ? literal(text.substring(0, colon)) : Optional.empty();
    }

    /** The canonical text (RFC 5952), so that one client has one name. */
    static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    private static boolean isPortOrNothing(String text) {
        return text.isEmpty() || text.matches(":[0-9]{1,5}");
    }
}
