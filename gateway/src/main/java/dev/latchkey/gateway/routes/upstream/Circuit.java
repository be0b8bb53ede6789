package dev.latchkey.gateway.routes.upstream;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.matching.WebSocketHandshake;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Answers instead of a backend that fails too often. It judges what is left after retries, and a call ends with the
 * head of the answer, so that a stream is not slow. The breaker is in no registry: the framework's filter would leave
 * one behind for every route that ever existed.
 */
public final class Circuit implements GatewayFilter {

    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final CircuitBreaker breaker;
    private final Duration openFor;
    private final LongSupplier nanos;
    private final ProblemWriter problems;
    private volatile long opened;

    /** @param nanos the clock, as {@link System#nanoTime}: one that is set back would keep the circuit open */
    public Circuit(String route, BreakerRule rule, LongSupplier nanos, ProblemWriter problems) {
        this.breaker = CircuitBreaker.of(route, config(rule, clock(nanos)));
        this.openFor = rule.openFor();
        this.nanos = nanos;
        this.problems = problems;
        breaker.getEventPublisher().onStateTransition(this::noteOpening);
    }

    private static Clock clock(LongSupplier nanos) {
        long origin = nanos.getAsLong();
        InstantSource ticks = () -> Instant.EPOCH.plusNanos(nanos.getAsLong() - origin);
        return ticks.withZone(ZoneOffset.UTC);
    }

    private static CircuitBreakerConfig config(BreakerRule rule, Clock clock) {
        return CircuitBreakerConfig.custom()
                .clock(clock)
                .slidingWindow(rule.window(), rule.minimumCalls(), SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(rule.failureRate())
                .slowCallRateThreshold(rule.slowRate())
                .slowCallDurationThreshold(rule.slowAfter())
                .waitDurationInOpenState(rule.openFor())
                .permittedNumberOfCallsInHalfOpenState(rule.halfOpenCalls())
                .recordResult(status -> rule.statuses().contains(status))
                .recordException(Circuit::isTheBackends)
                .build();
    }

    private static boolean isTheBackends(Throwable failure) {
        return CallOutcome.of(failure).isFaultOfBackend();
    }

    private void noteOpening(CircuitBreakerOnStateTransitionEvent event) {
        if (event.getStateTransition().getToState() == State.OPEN) {
            opened = nanos.getAsLong();
        }
    }

    /** All is noted before the answer leaves, whose client may ask again at once; one that left says nothing. */
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (WebSocketHandshake.isOpenedBy(
                new SpringHeaderFields(exchange.getRequest().getHeaders()))) {
            return socket(exchange, chain);
        }
        if (!breaker.tryAcquirePermission()) {
            return refuse(exchange);
        }
        boolean hasBody = ClientBody.isThere(exchange.getRequest().getHeaders());
        Call call = new Call(hasBody);
        Disposable limit = hasBody ? limit(call) : Disposables.disposed();
        return chain.filter(ClientBody.in(exchange, call::sent))
                .doOnError(call::failed)
                .doOnSuccess(answered -> call.answered(status(exchange)))
                .doOnCancel(call::giveBack)
                .doFinally(signal -> limit.dispose());
    }

    /**
     * A trial call lasts as long as its client sends its body, which may be for hours. It makes room for another after
     * as long as the circuit would have been open, and counts all the same if nothing is decided when it ends.
     */
    private Disposable limit(Call call) {
        return breaker.getState() == State.HALF_OPEN
                ? Schedulers.parallel().schedule(call::giveBack, openFor.toNanos(), TimeUnit.NANOSECONDS)
                : Disposables.disposed();
    }

    /** A WebSocket is refused like a call, but does not count as one. */
    private Mono<Void> socket(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!breaker.tryAcquirePermission()) {
            return refuse(exchange);
        }
        breaker.releasePermission();
        return chain.filter(exchange);
    }

    private Mono<Void> refuse(ServerWebExchange exchange) {
        Duration left = openFor.minusNanos(nanos.getAsLong() - opened);
        boolean isOpen = breaker.getState() == State.OPEN && !left.isNegative();
        return problems.write(exchange, Problem.circuitOpen(isOpen ? left : A_MOMENT));
    }

    private static int status(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return status == null ? 0 : status.value();
    }

    /** One that was permitted. */
    private final class Call {

        /** Of the time in which the circuit is closed or half open, and open then. */
        private final CircuitBreaker.Metrics period = breaker.getMetrics();

        private final AtomicBoolean isGivenBack = new AtomicBoolean();
        private volatile long began = nanos.getAsLong();
        private volatile boolean isSent;

        Call(boolean hasBody) {
            this.isSent = !hasBody;
        }

        /** The time of the backend begins, whose fault a client's slow body is not. */
        void sent() {
            began = nanos.getAsLong();
            isSent = true;
        }

        private long duration() {
            return isSent ? nanos.getAsLong() - began : 0;
        }

        /** Whether the circuit was open in between: later calls, and above all trials, say how the backend is now. */
        private boolean isOutdated() {
            return breaker.getMetrics() != period;
        }

        /** Permits another in its place; once. */
        void giveBack() {
            if (!isGivenBack.getAndSet(true) && !isOutdated()) {
                breaker.releasePermission();
            }
        }

        void answered(int status) {
            if (!isOutdated()) {
                breaker.onResult(duration(), TimeUnit.NANOSECONDS, status);
            }
        }

        void failed(Throwable failure) {
            if (!isTheBackends(failure)) {
                giveBack();
            } else if (!isOutdated()) {
                breaker.onError(duration(), TimeUnit.NANOSECONDS, failure);
            }
        }
    }
}
