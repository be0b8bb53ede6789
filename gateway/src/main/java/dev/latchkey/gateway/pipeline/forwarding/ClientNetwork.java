package dev.latchkey.gateway.pipeline.forwarding;

import java.util.Locale;

/** What belongs to one client, as far as an address tells: whoever has an IPv6 address has a /64 of them. */
public final class ClientNetwork {

    private static final int IPV6_NETWORK_GROUPS = 4;

    private ClientNetwork() {}

    /** An IPv4 address as it is, of an IPv6 address the network. */
    public static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String[] groups = address.toLowerCase(Locale.ROOT).split(":", -1);
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < Math.min(IPV6_NETWORK_GROUPS, groups.length) && !groups[i].isEmpty(); i++) {
            network.append(groups[i]).append(':');
        }
        return network.append("/64").toString();
    }
}
