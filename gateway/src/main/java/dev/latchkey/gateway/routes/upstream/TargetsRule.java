package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The backends of a route.
 *
 * @param addresses scheme, host and port of each, no path; at least one
 * @param consecutiveFailures how many failures in a row eject a backend; a failure to connect does at once
 * @param ejectionTime how long it gets no requests
 */
public record TargetsRule(List<URI> addresses, int consecutiveFailures, Duration ejectionTime) {

    public static final int CONSECUTIVE_FAILURES = 3;
    public static final Duration EJECTION_TIME = Duration.ofSeconds(10);

    public TargetsRule {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty() || consecutiveFailures < 1 || ejectionTime.isNegative()) {
            throw new IllegalArgumentException("a route needs a backend, and failures are counted from one");
        }
    }

    /** One backend, which is never ejected. */
    public static TargetsRule of(URI address) {
        return new TargetsRule(List.of(address), CONSECUTIVE_FAILURES, EJECTION_TIME);
    }

    public URI first() {
        return addresses.get(0);
    }

    public boolean isMany() {
        return addresses.size() > 1;
    }
}
