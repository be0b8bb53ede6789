package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.User;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes users of what a store says. One field that cannot be used must not keep the others from being read, so it
 * counts as missing, which never gives more rights; the log says so without a value.
 */
public final class StoredUsers {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoredUsers.class);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final ThrottledLog LOG = new ThrottledLog(LOGGER, Level.WARN, QUIET, System::nanoTime);

    private static final int LONGEST_ROLE = 100;
    private static final int LONGEST_TEXT = 255;

    private StoredUsers() {}

    /**
     * One user.
     *
     * @param stored the hash as the store has it
     * @param version what the store keeps beside it, see {@link CredentialVersion}
     * @param name for people to read
     */
    public static StoredUser of(
            Subject subject,
            Optional<String> stored,
            Optional<String> version,
            Collection<String> roles,
            boolean disabled,
            Optional<String> name,
            Optional<String> email) {
        User user = new User(subject, roles(roles), CredentialVersion.stamp(stored, version), text(name), text(email));
        return new StoredUser(
                user,
                stored,
                stored.flatMap(StoredUsers::hash),
                disabled,
                CredentialVersion.isOwnChoice(stored, version));
    }

    /**
     * One user of a store that tells no hashes.
     *
     * @param version what changes there with the password; without it a changed password ends no session
     */
    public static StoredUser withoutHash(
            Subject subject,
            Optional<String> version,
            Collection<String> roles,
            boolean disabled,
            Optional<String> name,
            Optional<String> email) {
        String stamp = CredentialVersion.stamp(version, Optional.empty());
        return new StoredUser(
                new User(subject, roles(roles), stamp, text(name), text(email)),
                Optional.empty(),
                Optional.empty(),
                disabled);
    }

    private static Optional<PasswordHash> hash(String stored) {
        try {
            return Optional.of(PasswordHash.parse(stored));
        } catch (IllegalArgumentException wrong) {
            LOG.write(
                    "users: a stored password cannot be used, and its user not sign in with it",
                    "it " + wrong.getMessage());
            return Optional.empty();
        }
    }

    private static Roles roles(Collection<String> names) {
        List<String> usable = names.stream().filter(StoredUsers::isRole).toList();
        if (usable.size() < names.size()) {
            LOG.write(
                    "users: a role of a user is left out",
                    "1 to " + LONGEST_ROLE + " characters, no control characters and no space at its ends");
        }
        return Roles.of(usable);
    }

    private static boolean isRole(String role) {
        return !role.isEmpty()
                && role.equals(role.strip())
                && role.length() <= LONGEST_ROLE
                && role.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<String> text(Optional<String> text) {
        return text.map(String::strip)
                .filter(value -> !value.isEmpty() && value.length() <= LONGEST_TEXT)
                .filter(value -> value.chars().noneMatch(Character::isISOControl));
    }
}
