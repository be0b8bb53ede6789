package dev.latchkey.gateway.routes.upstream;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How often a request is tried again. Only GET, HEAD and OPTIONS without a body are, and only while the client has been
 * sent nothing.
 *
 * @param count so many times at most, beside the first
 * @param causes after these
 * @param backoff the pause before the second attempt; it doubles, and up to half of it is taken off at random
 * @param attemptTimeout how long one attempt may take; none: what is left of the whole time
 */
public record RetryRule(int count, Set<RetryCause> causes, Duration backoff, Optional<Duration> attemptTimeout) {

    public static final Set<RetryCause> CAUSES = Set.of(RetryCause.values());
    public static final Duration BACKOFF = Duration.ofMillis(50);

    /** Nothing is tried again. */
    public static final RetryRule NONE = new RetryRule(0, Set.of(), Duration.ZERO, Optional.empty());

    public RetryRule {
        causes = Set.copyOf(causes);
    }

    /** Whether anything ever is. */
    public boolean isOn() {
        return count > 0;
    }
}
