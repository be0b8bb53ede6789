package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Roles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The roles that a user has had since they were changed; access tokens with others are refused.
 *
 * @param ends when no token from before can be alive, where they were changed
 * @param until the same here, where tokens may live longer
 * @param revision which state of the directory said so; a higher one is newer
 */
record RolesEntry(Instant ends, Instant until, long revision, Roles roles) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15}),(\\d{1,15}),(.*)", Pattern.DOTALL);

    RolesEntry(Instant ends, long revision, Roles roles) {
        this(ends, ends, revision, roles);
    }

    /** Reads an entry as roles.lua writes it; empty if it cannot be read. */
    static Optional<RolesEntry> parse(String entry) {
        Matcher parts = FORM.matcher(entry);
        return parts.matches()
                ? Optional.of(new RolesEntry(
                        Instant.ofEpochMilli(Long.parseLong(parts.group(1))),
                        Long.parseLong(parts.group(2)),
                        roles(parts.group(3))))
                : Optional.empty();
    }

    private static Roles roles(String lines) {
        return Roles.of(lines.isEmpty() ? List.of() : List.of(lines.split("\n", -1)));
    }

    /** Whether there is nothing left to refuse here. */
    boolean hasEnded(Instant now) {
        return !now.isBefore(until);
    }

    /** This entry, lasting here for at least so long from now on, unless it has ended. */
    RolesEntry lasting(Duration life, Instant now) {
        Instant end = now.plus(life);
        return hasEnded(now) || end.isBefore(until) ? this : new RolesEntry(ends, end, revision, roles);
    }

    RolesEntry orNewer(RolesEntry other) {
        return other.revision > revision ? other : this;
    }
}
