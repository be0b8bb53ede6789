package dev.latchkey.gateway.keys;

import java.time.Duration;

/**
 * How long the longest-lived token under a key lives, with two minutes for nodes that see its successor late: at their
 * second look after it came, at the longest interval.
 *
 * @param accessTtl of access tokens; identity tokens live a minute longer
 * @param absoluteTimeout of sessions, so of refresh tokens
 */
record KeyLifetimes(Duration accessTtl, Duration absoluteTimeout) {

    private static final Duration MARGIN = Duration.ofMinutes(2);
    private static final Duration IDENTITY_OVERHANG = Duration.ofSeconds(60);

    Duration access() {
        return accessTtl.plus(MARGIN);
    }

    Duration refresh() {
        return absoluteTimeout.plus(MARGIN);
    }

    Duration identity() {
        return accessTtl.plus(IDENTITY_OVERHANG).plus(MARGIN);
    }
}
