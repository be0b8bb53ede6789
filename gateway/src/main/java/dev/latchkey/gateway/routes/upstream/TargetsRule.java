package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The backends of a route; none if it answers by itself.
 *
 * @param addresses scheme, host and port of each, no path
 * @param consecutiveFailures how many failures in a row eject a backend; a failure to connect does at once
 * @param ejectionTime how long it gets no requests
 * @param healthCheck how they are asked whether they are healthy; none: they are not asked
 */
public record TargetsRule(
        List<URI> addresses, int consecutiveFailures, Duration ejectionTime, Optional<HealthCheckRule> healthCheck) {

    public static final int CONSECUTIVE_FAILURES = 3;
    public static final Duration EJECTION_TIME = Duration.ofSeconds(10);

    public static final TargetsRule NONE =
            new TargetsRule(List.of(), CONSECUTIVE_FAILURES, EJECTION_TIME, Optional.empty());

    public TargetsRule {
        addresses = List.copyOf(addresses);
        if (consecutiveFailures < 1 || ejectionTime.isNegative()) {
            throw new IllegalArgumentException("failures are counted from one, and backends ejected for some time");
        }
    }

    /** One backend, which is never ejected. */
    public static TargetsRule of(URI address) {
        return new TargetsRule(List.of(address), CONSECUTIVE_FAILURES, EJECTION_TIME, Optional.empty());
    }

    public URI first() {
        return addresses.get(0);
    }

    public boolean isMany() {
        return addresses.size() > 1;
    }
}
