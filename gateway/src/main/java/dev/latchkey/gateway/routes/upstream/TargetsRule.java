package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The backends of a route; none if it answers by itself.
 *
 * @param addresses scheme, host and port of each, no path; none with a lookup
 * @param lookup whose addresses are the backends
 * @param consecutiveFailures how many failures in a row eject a backend; a failure to connect does at once
 * @param ejectionTime how long it gets no requests
 * @param healthCheck how they are asked whether they are healthy; none: they are not asked
 */
public record TargetsRule(
        List<URI> addresses,
        Optional<DnsLookup> lookup,
        int consecutiveFailures,
        Duration ejectionTime,
        Optional<HealthCheckRule> healthCheck) {

    public static final int CONSECUTIVE_FAILURES = 3;
    public static final Duration EJECTION_TIME = Duration.ofSeconds(10);

    public static final TargetsRule NONE =
            new TargetsRule(List.of(), Optional.empty(), CONSECUTIVE_FAILURES, EJECTION_TIME, Optional.empty());

    public TargetsRule {
        addresses = List.copyOf(addresses);
        if (consecutiveFailures < 1 || ejectionTime.isNegative()) {
            throw new IllegalArgumentException("failures are counted from one, and backends ejected for some time");
        }
    }

    /** These backends, with the usual rules. */
    public static TargetsRule of(List<URI> addresses) {
        return new TargetsRule(addresses, Optional.empty(), CONSECUTIVE_FAILURES, EJECTION_TIME, Optional.empty());
    }

    /** The addresses of a name, with the usual rules. */
    public static TargetsRule of(DnsLookup lookup) {
        return new TargetsRule(List.of(), Optional.of(lookup), CONSECUTIVE_FAILURES, EJECTION_TIME, Optional.empty());
    }

    /** The addresses as the file says them: those, or that of the name. */
    public List<URI> urls() {
        return lookup.map(named -> List.of(named.dns())).orElse(addresses);
    }

    /** Whether there may be more than one. */
    public boolean isMany() {
        return lookup.isPresent() || addresses.size() > 1;
    }
}
