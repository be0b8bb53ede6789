package dev.latchkey.gateway.denylist.users;

import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.scheduler.Schedulers;

/**
 * Collects users who were revoked for a second, and then hands all of them over at once: what looks for their tokens
 * reads every token of the node. No request waits for that, because the denylist refuses the users' access tokens
 * before a token for a backend is looked for.
 */
public final class RevokedUsers {

    private static final long COLLECTED_MILLIS = 1000;

    private final Consumer<Affected> action;
    private Map<Integer, Instant> collected = new HashMap<>();

    /** @param action runs on a thread that may work for long */
    public RevokedUsers(Consumer<Affected> action) {
        this.action = action;
    }

    /** Sessions of this user that began before {@code notBefore} are revoked. */
    public synchronized void add(Subject subject, Instant notBefore) {
        if (collected.isEmpty()) {
            Schedulers.boundedElastic().schedule(this::hand, COLLECTED_MILLIS, TimeUnit.MILLISECONDS);
        }
        collected.merge(subject.hashCode(), notBefore, (one, other) -> one.isAfter(other) ? one : other);
    }

    private void hand() {
        action.accept(new Affected(take()));
    }

    private synchronized Map<Integer, Instant> take() {
        Map<Integer, Instant> taken = collected;
        collected = new HashMap<>();
        return taken;
    }

    /**
     * Some users, and by chance a few others.
     *
     * @param users from when on sessions are valid, by the hash of the subject
     */
    public record Affected(Map<Integer, Instant> users) {

        /**
         * Whether a session is revoked.
         *
         * @param subject the hash of its user
         * @param authTime when it began, in milliseconds
         */
        public boolean includes(int subject, long authTime) {
            Instant notBefore = users.get(subject);
            return notBefore != null && Instant.ofEpochMilli(authTime).isBefore(notBefore);
        }
    }
}
