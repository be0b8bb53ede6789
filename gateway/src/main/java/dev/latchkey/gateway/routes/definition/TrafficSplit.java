package dev.latchkey.gateway.routes.definition;

/**
 * A route's part of the requests of its group. A client's place in the group is a hash of their sticky key, so that all
 * nodes agree on it without communication, and a growing part keeps its clients.
 *
 * @param salt the group's own, so that not every change reaches the same clients first
 * @param from the first place of the part
 * @param until the place after its last
 * @param whole all weights of the group together; 0 until the group is known
 */
public record TrafficSplit(int salt, int from, int until, int whole) {

    /** The weight of a route whose group is not known yet. */
    public static TrafficSplit of(int weight) {
        return new TrafficSplit(0, 0, weight, 0);
    }

    public int weight() {
        return until - from;
    }

    /** @param stickyKey the client's */
    boolean includes(String stickyKey) {
        int place = place(stickyKey);
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
