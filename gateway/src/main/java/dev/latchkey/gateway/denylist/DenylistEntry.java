package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Generation;
import java.time.Instant;

/**
 * What the denylist says of one session.
 *
 * @param floor the lowest generation accepted now
 * @param later the lowest generation accepted from an instant on
 * @param from that instant, in milliseconds
 * @param ends when the entry has nothing left to refuse, in milliseconds
 */
record DenylistEntry(long floor, long later, long from, long ends) {

    private static final int PARTS = 4;

    /** Reads an entry as the scripts write it. */
    static DenylistEntry parse(String entry) {
        String[] parts = entry.split(",", PARTS);
        return new DenylistEntry(
                Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }

    boolean refuses(Generation generation, Instant now) {
        return generation.number() < floor || (now.toEpochMilli() >= from && generation.number() < later);
    }
}
