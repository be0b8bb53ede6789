package dev.latchkey.gateway.denylist;

import java.time.Duration;

/**
 * What becomes of a token that the mirror does not refuse while neither the mirror is fresh nor Redis can be read. What
 * the mirror refuses stays refused under either policy.
 */
sealed interface OutagePolicy {

    /**
     * Whether the mirror's last view is good enough.
     *
     * @param age of the view
     */
    boolean accepts(Duration age);

    /** Nothing is let through that could not be checked: 503. The default. */
    record Refuse() implements OutagePolicy {
        @Override
        public boolean accepts(Duration age) {
            return false;
        }
    }

    /** The mirror's last view counts until it is this old: operations prefer to serve, and know what they risk. */
    record Allow(Duration limit) implements OutagePolicy {
        @Override
        public boolean accepts(Duration age) {
            return age.compareTo(limit) < 0;
        }
    }
}
