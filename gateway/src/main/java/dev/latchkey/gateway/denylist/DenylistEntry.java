package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Generation;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the denylist says of one session. A million of them are kept in memory, so they hold numbers only.
 *
 * @param floor the lowest generation accepted now; {@link #NEVER} for a revoked session
 * @param later the lowest generation accepted from an instant on
 * @param from that instant, in milliseconds
 * @param ends when the entry has nothing left to refuse, in milliseconds
 */
public record DenylistEntry(int floor, int later, long from, long ends) {

    /** The floor of a session that accepts no generation any more. */
    static final int NEVER = Integer.MAX_VALUE;

    /** A later version may add parts behind these. */
    private static final Pattern FORM = Pattern.compile("(\\d+),(\\d+),(\\d+),(\\d+)(?:,.*)?");

    /** An entry that accepts nothing. */
    static DenylistEntry revoked(Instant now, Instant ends) {
        return new DenylistEntry(NEVER, NEVER, now.toEpochMilli(), ends.toEpochMilli());
    }

    /** Reads an entry as the scripts write it; empty where it is none. */
    static Optional<DenylistEntry> parse(String entry) {
        Matcher parts = FORM.matcher(entry);
        try {
            return parts.matches()
                    ? Optional.of(new DenylistEntry(
                            Integer.parseInt(parts.group(1)),
                            Integer.parseInt(parts.group(2)),
                            Long.parseLong(parts.group(3)),
                            Long.parseLong(parts.group(4))))
                    : Optional.empty();
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    boolean refuses(Generation generation, Instant now) {
        return generation.number() < floor || (generation.number() < later && now.toEpochMilli() >= from);
    }

    boolean isRevoked() {
        return floor == NEVER;
    }

    boolean hasEnded(Instant now) {
        return ends <= now.toEpochMilli();
    }

    /**
     * Both at once, in whatever order they became known: neither floor goes down. Of two later floors the higher one
     * keeps its own instant; what the lower one refused is refused by the higher one's {@code floor} already, but after
     * a failover, when it counts at once.
     */
    DenylistEntry with(DenylistEntry other) {
        return other.outranks(this) ? other.over(this) : over(other);
    }

    private boolean outranks(DenylistEntry other) {
        return later > other.later || (later == other.later && from < other.from);
    }

    private DenylistEntry over(DenylistEntry low) {
        int atOnce = low.later < later ? Math.max(low.floor, low.later) : low.floor;
        return new DenylistEntry(Math.max(floor, atOnce), later, from, Math.max(ends, low.ends));
    }

    /** Whether the other refuses all that this one does, and for as long. */
    boolean isWithin(DenylistEntry other) {
        return other.with(this).equals(other);
    }
}
