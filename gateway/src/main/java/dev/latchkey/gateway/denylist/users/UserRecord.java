package dev.latchkey.gateway.denylist.users;

import dev.latchkey.gateway.token.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the nodes agree on about a user.
 *
 * @param revision which state of the directory said so; a higher one is newer
 * @param ended sessions that began before this instant have ended; the epoch if none have
 * @param stamp the version of the credentials, or empty where the user may not sign in
 * @param reason why they ended, or why the user may not sign in
 * @param isOpen whether something that follows from the end may not be done yet
 */
public record UserRecord(long revision, Instant ended, String stamp, String reason, Roles roles, boolean isOpen) {

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,15}),(\\d{1,15}),([^,]*),([^,!]*)(!?),(.*)", Pattern.DOTALL);

    /** Reads a record as user.lua writes it; empty if it cannot be read. */
    static Optional<UserRecord> parse(String record) {
        Matcher parts = FORM.matcher(record);
        return parts.matches() ? Optional.of(of(parts)) : Optional.empty();
    }

    private static UserRecord of(Matcher parts) {
        return new UserRecord(
                Long.parseLong(parts.group(1)),
                Instant.ofEpochMilli(Long.parseLong(parts.group(2))),
                parts.group(3),
                parts.group(4),
                roles(parts.group(6)),
                !parts.group(5).isEmpty());
    }

    /** Roles as user.lua writes them. */
    static Roles roles(String lines) {
        return Roles.of(lines.isEmpty() ? List.of() : List.of(lines.split("\n", -1)));
    }

    /** Whether the user may sign in. */
    public boolean mayEnter() {
        return !stamp.isEmpty();
    }

    /** Whether a session that began then has ended. */
    public boolean hasEnded(Instant authTime) {
        return authTime.isBefore(ended);
    }
}
