package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import java.util.function.Supplier;
import org.springframework.web.server.ServerWebExchange;

/**
 * A route's part of what its group takes. A client's place in the group is a hash of who he is, so that all nodes agree
 * on it without telling each other, and that a part that grows keeps the clients it has.
 *
 * @param salt the group's own, so that the same clients are not the first to try everything new
 * @param from the first place of the part
 * @param until the place after its last
 * @param whole all weights of the group together; 0 until the group is known
 */
public record TrafficSplit(int salt, int from, int until, int whole) {

    /** Of a route whose group is not known yet. */
    public static TrafficSplit of(int weight) {
        return new TrafficSplit(0, 0, weight, 0);
    }

    public int weight() {
        return until - from;
    }

    boolean takes(ServerWebExchange exchange) {
        int place = place(
                ExchangeAttribute.STICKY_KEY.of(exchange).map(Supplier::get).orElse(""));
        return place >= from && place < until;
    }

    private int place(String client) {
        long mixed = Integer.toUnsignedLong(mix((client.hashCode() * 31) + salt));
        return (int) ((mixed * whole) >>> 32);
    }

    /** Spreads a hash evenly: the last steps of MurmurHash3. */
    private static int mix(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }

    @Override
    public String toString() {
        return weight() + " of " + whole;
    }
}
