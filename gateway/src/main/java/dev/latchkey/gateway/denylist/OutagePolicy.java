package dev.latchkey.gateway.denylist;

import java.time.Duration;

/**
 * What becomes of a token that the local denylist does not refuse while neither it is fresh nor Redis can be read. What
 * it refuses stays refused under either policy.
 */
sealed interface OutagePolicy {

    /**
     * Whether the local denylist is good enough.
     *
     * @param age of it
     */
    boolean accepts(Duration age);

    /** Nothing is let through that could not be checked: 503. The default. */
    record Deny() implements OutagePolicy {
        @Override
        public boolean accepts(Duration age) {
            return false;
        }
    }

    /** The local denylist counts until it is this old: operations prefer to serve, and know what they risk. */
    record Allow(Duration limit) implements OutagePolicy {
        @Override
        public boolean accepts(Duration age) {
            return age.compareTo(limit) < 0;
        }
    }
}
