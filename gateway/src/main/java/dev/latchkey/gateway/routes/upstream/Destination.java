package dev.latchkey.gateway.routes.upstream;

import java.net.InetSocketAddress;

/**
 * One address of a name.
 *
 * @param address resolved
 * @param priority those with the lowest get all requests while one of them takes any (RFC 2782)
 * @param weight in proportion to which those of one priority get requests; above zero
 */
public record Destination(InetSocketAddress address, int priority, double weight) {

    /** As good as all others. */
    public static Destination of(InetSocketAddress address) {
        return new Destination(address, 0, 1);
    }
}
