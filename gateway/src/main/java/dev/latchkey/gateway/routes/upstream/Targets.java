package dev.latchkey.gateway.routes.upstream;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The backends of a route, in turn. One that fails is ejected for a while, and one whose health checks fail is
 * unhealthy until they pass; if all are ejected or unhealthy, all are tried, because an answer that may come is better
 * than none.
 */
public final class Targets {

    private final TargetsRule rule;
    private final LongSupplier nanos;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Turns turns;

    /**
     * All start healthy. Of a rule with a lookup there are none before {@link #replace}.
     *
     * @param nanos the clock, as {@link System#nanoTime}
     */
    public Targets(TargetsRule rule, LongSupplier nanos) {
        this.rule = rule;
        this.nanos = nanos;
        this.turns = new Turns(
                rule.addresses().stream()
                        .map(address -> new Target(address, Optional.empty(), rule, nanos))
                        .toList(),
                List.of());
    }

    public List<Target> all() {
        return turns.all();
    }

    /**
     * The addresses of the rule's lookup are these from now on. Those that were there before keep what was learned of
     * them. For one thread at a time.
     *
     * @return the targets that are no longer there
     */
    public List<Target> replace(List<Destination> found) {
        URI name = rule.lookup().orElseThrow().dns();
        List<Target> before = all();
        Map<InetSocketAddress, Target> known = new HashMap<>();
        before.forEach(target -> known.put(target.found().orElseThrow(), target));
        List<Target> after = found.stream()
                .map(Destination::address)
                .map(address -> known.containsKey(address)
                        ? known.get(address)
                        : new Target(name, Optional.of(address), rule, nanos))
                .toList();
        turns = new Turns(after, found);
        return before.stream().filter(target -> !after.contains(target)).toList();
    }

    /**
     * The next backend: if possible one that is neither ejected nor unhealthy, and of those one that was not tried yet;
     * nothing while no address of the lookup is known.
     */
    public Optional<Target> next(Set<Target> tried) {
        return turns.next(turn.getAndIncrement(), tried);
    }

    /**
     * One backend and its health. For any thread: an answer and a failure at the same moment count in either order, as
     * calls that overlap have none.
     */
    public static final class Target {

        private final URI address;
        private final Optional<InetSocketAddress> found;
        private final int maxFailures;
        private final long ejectionNanos;
        private final LongSupplier nanos;
        private final AtomicInteger failures = new AtomicInteger();
        private volatile long ejectedUntil;
        private volatile boolean isUnhealthy;

        Target(URI address, Optional<InetSocketAddress> found, TargetsRule rule, LongSupplier nanos) {
            this.address = address;
            this.found = found;
            this.maxFailures = rule.consecutiveFailures();
            this.ejectionNanos = rule.ejectionTime().toNanos();
            this.nanos = nanos;
            this.ejectedUntil = nanos.getAsLong();
        }

        /** Scheme, host and port. */
        public URI address() {
            return address;
        }

        /** Which address of that name it is, if name servers were asked; resolved. */
        public Optional<InetSocketAddress> found() {
            return found;
        }

        /** For people: where it is. */
        public String text() {
            return found.map(at -> address + " at " + NetUtil.toSocketAddressString(at))
                    .orElseGet(address::toString);
        }

        /** For people: {@code available}, {@code ejected} or {@code unhealthy}. */
        public String state() {
            return isUnhealthy ? "unhealthy" : isEjected() ? "ejected" : "available";
        }

        /** Learns from the status of its answer: 502, 503 and 504 are failures. */
        public void noteAnswer(int status) {
            note(CallOutcome.of(status));
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

        boolean isOut() {
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
