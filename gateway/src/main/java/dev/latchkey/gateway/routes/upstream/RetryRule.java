package dev.latchkey.gateway.routes.upstream;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Retries of a route. Only GET, HEAD and OPTIONS without a body are repeated, and only before the client has been sent
 * anything.
 *
 * @param count the most retries
 * @param causes the failures that are retried
 * @param backoff the pause before the second attempt; it doubles, and up to half of it is taken off at random
 * @param attemptTimeout of one attempt; none: what is left of the whole time
 */
public record RetryRule(int count, Set<Cause> causes, Duration backoff, Optional<Duration> attemptTimeout) {

    public static final Set<Cause> CAUSES = Set.of(Cause.values());
    public static final Duration BACKOFF = Duration.ofMillis(50);

    public static final RetryRule NONE = new RetryRule(0, Set.of(), Duration.ZERO, Optional.empty());

    public RetryRule {
        causes = Set.copyOf(causes);
    }

    public boolean isOn() {
        return count > 0;
    }

    /** Failures after which a request may be tried again. */
    public enum Cause {
        /** No connection could be made, so the backend has seen nothing. */
        CONNECT,
        /** The backend, or a proxy before it, answered 502, or the connection broke before an answer. */
        BAD_GATEWAY,
        /** The backend answered 503. */
        UNAVAILABLE,
        /** The backend answered 504, or not in time. */
        TIMEOUT
    }
}
