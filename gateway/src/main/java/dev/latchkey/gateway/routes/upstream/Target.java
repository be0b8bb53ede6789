package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One backend and what its last answers say of its health. */
final class Target {

    private final URI address;
    private final int mostFailures;
    private final long pause;
    private final LongSupplier nanos;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile long outUntil;

    Target(URI address, TargetsRule rule, LongSupplier nanos) {
        this.address = address;
        this.mostFailures = rule.consecutiveFailures();
        this.pause = rule.ejectionTime().toNanos();
        this.nanos = nanos;
        this.outUntil = nanos.getAsLong();
    }

    URI address() {
        return address;
    }

    boolean isLeftOut() {
        return nanos.getAsLong() - outUntil < 0;
    }

    /** It answered, so it is well, whatever was thought of it. */
    void answered() {
        if (failures.get() > 0) {
            failures.set(0);
            outUntil = nanos.getAsLong();
        }
    }

    /** After the pause one more failure is enough, so that a backend that is still ill gets few requests. */
    void failed() {
        if (failures.incrementAndGet() >= mostFailures) {
            outUntil = nanos.getAsLong() + pause;
        }
    }

    /** Nobody is there: no need to see it several times. */
    void unreachable() {
        failures.set(mostFailures);
        outUntil = nanos.getAsLong() + pause;
    }
}
