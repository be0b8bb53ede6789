package dev.latchkey.gateway.pipeline.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;

/** IP addresses as text, never by a name server, and the networks that belong to one client. */
public final class IpAddresses {

    private static final int LONGEST = 64;
    private static final int PORT_DIGITS = 5;

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

    /** The canonical text (RFC 5952), so that one client has one name; without the zone of a link-local address. */
    public static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    private static boolean isPortOrNothing(String text) {
        boolean isPort = text.length() > 1 && text.length() <= 1 + PORT_DIGITS && text.charAt(0) == ':';
        for (int at = 1; at < text.length() && isPort; at++) {
            isPort = text.charAt(at) >= '0' && text.charAt(at) <= '9';
        }
        return isPort || text.isEmpty();
    }

    /**
     * An IPv4 address, or the /64 of an IPv6 address: one link, so one household or machine (RFC 4291 section 2.5.4).
     */
    public static String network(String address) {
        return prefix(address, 32, 64);
    }

    /** The neighbourhood: IPv4 /24, or IPv6 /56, which providers give to one site (RFC 6177 section 2). */
    public static String site(String address) {
        return prefix(address, 24, 56);
    }

    /** Whether the address is one of IPv6. */
    public static boolean isIpv6(String address) {
        return literal(address).filter(parsed -> parsed.getAddress().length > 4).isPresent();
    }

    /** Both lengths are whole bytes. */
    private static String prefix(String address, int ipv4, int ipv6) {
        return literal(address)
                .map(parsed -> prefix(parsed, parsed.getAddress().length == 4 ? ipv4 : ipv6))
                .orElse(address);
    }

    private static String prefix(InetAddress address, int length) {
        return HexFormat.of().formatHex(address.getAddress(), 0, length / 8) + "/" + length;
    }
}
