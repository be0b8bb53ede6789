package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where a route leads to.
 *
 * @param addresses scheme, host and port of each backend, no path; at least one
 * @param failures so many failures in a row, and a backend is left out; one that cannot be connected to is at once
 * @param leftOut for how long
 */
public record TargetsRule(List<URI> addresses, int failures, Duration leftOut) {

    public static final int FAILURES = 3;
    public static final Duration LEFT_OUT = Duration.ofSeconds(10);

    public TargetsRule {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty() || failures < 1 || leftOut.isNegative()) {
            throw new IllegalArgumentException("a route needs a backend, and failures are counted from one");
        }
    }

    /** One backend, which is never left out. */
    public static TargetsRule of(URI address) {
        return new TargetsRule(List.of(address), FAILURES, LEFT_OUT);
    }

    /** The first one. */
    public URI first() {
        return addresses.get(0);
    }

    /** Whether there is a choice. */
    public boolean isMany() {
        return addresses.size() > 1;
    }
}
