package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatusCode;

/**
 * The backends of a route, in turn. One that fails is ejected for a while, and one whose health checks fail is
 * unhealthy until they pass; if all are ejected or unhealthy, all are tried, because an answer that may come is better
 * than none.
 */
public final class Targets {

    private final List<Target> all;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * All start healthy.
     *
     * @param nanos the clock, as {@link System#nanoTime}
     */
    public Targets(TargetsRule rule, LongSupplier nanos) {
        this.all = rule.addresses().stream()
                .map(address -> new Target(address, rule, nanos))
                .toList();
    }

    public List<Target> all() {
        return all;
    }

    /**
     * The next backend: if possible one that is neither ejected nor unhealthy, and of those one that was not tried yet.
     */
    public Target next(Set<Target> tried) {
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        Target best = all.get(first);
        int least = reluctance(best, tried);
        for (int step = 1; step < all.size() && least > 0; step++) {
            Target other = all.get((first + step) % all.size());
            int reluctance = reluctance(other, tried);
            if (reluctance < least) {
                best = other;
                least = reluctance;
            }
        }
        return best;
    }

    private static int reluctance(Target target, Set<Target> tried) {
        return (target.isOut() ? 2 : 0) + (tried.contains(target) ? 1 : 0);
    }

    /** One backend and its health. */
    public static final class Target {

        private final URI address;
        private final int maxFailures;
        private final long ejectionNanos;
        private final LongSupplier nanos;
        private final AtomicInteger failures = new AtomicInteger();
        private volatile long ejectedUntil;
        private volatile boolean isUnhealthy;

        Target(URI address, TargetsRule rule, LongSupplier nanos) {
            this.address = address;
            this.maxFailures = rule.consecutiveFailures();
            this.ejectionNanos = rule.ejectionTime().toNanos();
            this.nanos = nanos;
            this.ejectedUntil = nanos.getAsLong();
        }

        /** Scheme, host and port. */
        public URI address() {
            return address;
        }

        /** Learns from the status of its answer: 502, 503 and 504 are failures. */
        public void noteAnswer(int status) {
            note(CallOutcome.of(HttpStatusCode.valueOf(status)));
        }

        /** Learns from a call without an answer; what is not the backend's fault changes nothing. */
        public void noteFailure(Throwable failure) {
            note(CallOutcome.of(failure));
        }

        /** What its health checks say from now on. When they pass again, an ejection ends as well. */
        public void checked(boolean isHealthy) {
            if (isHealthy && isUnhealthy) {
                answered();
            }
            isUnhealthy = !isHealthy;
        }

        void note(CallOutcome outcome) {
            if (!outcome.isFaultOfBackend()) {
                if (outcome.isAnswer()) {
                    answered();
                }
            } else if (outcome.cause().filter(RetryRule.Cause.CONNECT::equals).isPresent()) {
                unreachable();
            } else {
                failed();
            }
        }

        private boolean isOut() {
            return isUnhealthy || isEjected();
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
}
