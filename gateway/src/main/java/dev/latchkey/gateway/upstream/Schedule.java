package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When tokens are to be refreshed.
 *
 * @param due how long from now; empty if there is nothing to refresh them with
 * @param hard how long from now the access token lives; empty if there is none
 */
record Schedule(Optional<Duration> due, Optional<Duration> hard) {

    /** By which the moment is spread, so that sessions that began together do not stay together. */
    private static final double JITTER = 0.1;

    /**
     * Ahead of the access token's end by two lives of the gateway's own tokens, because a session may rotate once only
     * in one, or by a tenth of its life; but no sooner than half of it.
     *
     * @param ownTtl how long the gateway's own access tokens live
     */
    static Schedule of(Granted granted, Duration ownTtl, RandomGenerator random) {
        Duration life = granted.expiresIn();
        Optional<Duration> hard = granted.tokens().access().map(token -> life);
        if (granted.tokens().refresh().isEmpty()) {
            return new Schedule(Optional.empty(), hard);
        }
        Duration ahead = least(greatest(ownTtl.multipliedBy(2), life.dividedBy(10)), life.dividedBy(2));
        long spread = (long) (random.nextDouble() * JITTER * ahead.toMillis());
        Duration due = life.minus(ahead).minusMillis(spread);
        Duration end =
                granted.refreshExpiresIn().map(token -> token.dividedBy(2)).orElse(due);
        return new Schedule(Optional.of(least(due, end)), hard);
    }

    String dueMillis() {
        return millis(due);
    }

    String hardMillis() {
        return millis(hard);
    }

    private static String millis(Optional<Duration> time) {
        return time.map(Duration::toMillis).map(String::valueOf).orElse("");
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration greatest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
