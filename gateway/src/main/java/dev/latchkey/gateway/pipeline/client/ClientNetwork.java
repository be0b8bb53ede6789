package dev.latchkey.gateway.pipeline.client;

import java.net.InetAddress;
import java.util.HexFormat;

/** The addresses that belong to one client: an IPv6 client has a network of them. */
public final class ClientNetwork {

    private ClientNetwork() {}

    /**
     * An IPv4 address, or the /64 of an IPv6 address: one link, so one household or machine (RFC 4291 section 2.5.4).
     */
    public static String of(String address) {
        return of(address, 32, 64);
    }

    /** The neighbourhood: IPv4 /24, or IPv6 /56, which providers give to one site (RFC 6177 section 2). */
    public static String site(String address) {
        return of(address, 24, 56);
    }

    /** Whether the address is one of IPv6. */
    public static boolean isIpv6(String address) {
        return IpAddresses.literal(address)
                .filter(it -> it.getAddress().length > 4)
                .isPresent();
    }

    /** Both lengths are whole bytes. */
    private static String of(String address, int ipv4, int ipv6) {
        return IpAddresses.literal(address)
                .map(it -> prefix(it, it.getAddress().length == 4 ? ipv4 : ipv6))
                .orElse(address);
    }

    private static String prefix(InetAddress address, int length) {
        return HexFormat.of().formatHex(address.getAddress(), 0, length / 8) + "/" + length;
    }
}
