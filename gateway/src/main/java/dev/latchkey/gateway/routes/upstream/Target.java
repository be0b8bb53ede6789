package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One backend and its health. */
final class Target {

    private final URI address;
    private final int maxFailures;
    private final long ejectionNanos;
    private final LongSupplier nanos;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile long ejectedUntil;

    Target(URI address, TargetsRule rule, LongSupplier nanos) {
        this.address = address;
        this.maxFailures = rule.consecutiveFailures();
        this.ejectionNanos = rule.ejectionTime().toNanos();
        this.nanos = nanos;
        this.ejectedUntil = nanos.getAsLong();
    }

    URI address() {
        return address;
    }

    boolean isEjected() {
        return nanos.getAsLong() - ejectedUntil < 0;
    }

    void answered() {
        if (failures.get() > 0) {
            failures.set(0);
            ejectedUntil = nanos.getAsLong();
        }
    }

    /** After the ejection one more failure ejects it again, so that an ill backend gets few requests. */
    void failed() {
        if (failures.incrementAndGet() >= maxFailures) {
            ejectedUntil = nanos.getAsLong() + ejectionNanos;
        }
    }

    void unreachable() {
        failures.set(maxFailures);
        ejectedUntil = nanos.getAsLong() + ejectionNanos;
    }
}
