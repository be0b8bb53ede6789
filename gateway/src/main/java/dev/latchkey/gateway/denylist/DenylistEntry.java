package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the denylist says of one session; see deny.lua. A million of them are kept in memory, so they hold numbers only.
 *
 * @param minGeneration the lowest generation accepted now; {@link #NEVER} for a revoked session
 * @param nextMinGeneration the lowest generation accepted from {@code effectiveAt} on
 * @param effectiveAt from when that holds, in milliseconds
 * @param expiresAt when the entry has nothing left to refuse, in milliseconds
 */
public record DenylistEntry(int minGeneration, int nextMinGeneration, long effectiveAt, long expiresAt) {

    /** The minimum of a session that accepts no generation any more. */
    static final int NEVER = Integer.MAX_VALUE;

    /** A later version may add parts behind these. */
    private static final Pattern FORM = Pattern.compile("(\\d+),(\\d+),(\\d+),(\\d+)(?:,.*)?");

    /** An entry that accepts nothing. */
    static DenylistEntry revoked(Instant now, Instant expiresAt) {
        return new DenylistEntry(NEVER, NEVER, now.toEpochMilli(), expiresAt.toEpochMilli());
    }

    /** Reads an entry as the scripts write it; empty if it cannot be read. */
    public static Optional<DenylistEntry> parse(String entry) {
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

    /** Whether access tokens of this generation are refused. */
    public boolean refuses(Generation generation, Instant now) {
        return generation.number() < minGeneration
                || (generation.number() < nextMinGeneration && now.toEpochMilli() >= effectiveAt);
    }

    /** Whether the session accepts no generation any more. */
    public boolean isRevoked() {
        return minGeneration == NEVER;
    }

    /** This entry, lasting for at least so long after its session was revoked. */
    DenylistEntry lasting(Duration life) {
        long end = effectiveAt + life.toMillis();
        return isRevoked() && expiresAt < end
                ? new DenylistEntry(minGeneration, nextMinGeneration, effectiveAt, end)
                : this;
    }

    /** Whether there is nothing left to refuse. */
    public boolean hasEnded(Instant now) {
        return expiresAt <= now.toEpochMilli();
    }

    /**
     * Both entries in one, in whatever order they became known: neither minimum goes down. The higher of two next
     * minimums keeps its own {@code effectiveAt}. What the lower one refused is refused by the higher one's
     * {@code minGeneration} already, except after a failover: then it counts at once.
     */
    DenylistEntry with(DenylistEntry other) {
        return other.outranks(this) ? other.over(this) : over(other);
    }

    private boolean outranks(DenylistEntry other) {
        return nextMinGeneration > other.nextMinGeneration
                || (nextMinGeneration == other.nextMinGeneration && effectiveAt < other.effectiveAt);
    }

    private DenylistEntry over(DenylistEntry low) {
        int atOnce = low.nextMinGeneration < nextMinGeneration
                ? Math.max(low.minGeneration, low.nextMinGeneration)
                : low.minGeneration;
        return new DenylistEntry(
                Math.max(minGeneration, atOnce), nextMinGeneration, effectiveAt, Math.max(expiresAt, low.expiresAt));
    }

    /** Whether the other refuses all that this one does, and for as long. */
    boolean isWithin(DenylistEntry other) {
        return other.with(this).equals(other);
    }
}
