package dev.latchkey.gateway.routes.upstream;

import dev.latchkey.gateway.exchange.BackendAnswer;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.SafeMethods;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.matching.WebSocketHandshake;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Chooses a backend for each attempt, and the next one if that failed. A call ends with the head of the answer, before
 * anything is written to the client; the framework's own retry would keep bodies in memory, and knows no other backend.
 */
public final class BackendCalls implements GatewayFilter {

    private final Targets targets;
    private final RetryRule retries;
    private final Duration whole;
    private final ProblemWriter problems;

    /** @param whole the time until the answer must begin, for all attempts and pauses together */
    public BackendCalls(Targets targets, RetryRule retries, Duration whole, ProblemWriter problems) {
        this.targets = targets;
        this.retries = retries;
        this.whole = whole;
        this.problems = problems;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        if (WebSocketHandshake.isOpenedBy(new SpringHeaderFields(request.getHeaders()))) {
            return once(exchange, chain);
        }
        if (ClientBody.isThere(request.getHeaders())) {
            return once(ClientBody.in(exchange), chain);
        }
        return retries.isOn() && SafeMethods.contains(request.getMethod().name())
                ? new Call(exchange, chain).attempt()
                : once(exchange, chain);
    }

    /**
     * A body cannot be repeated. Nor is a WebSocket, whose handshake may have effects of its own. The forwarder knows
     * when the time for the answer begins, and ends it.
     */
    private Mono<Void> once(ServerWebExchange exchange, GatewayFilterChain chain) {
        return next(exchange, Set.of())
                .map(target -> once(target, exchange, chain))
                .orElseGet(() -> refuse(exchange));
    }

    private static Mono<Void> once(Target target, ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange)
                .doOnError(target::noteFailure)
                .doOnSuccess(ended ->
                        note(target, CallOutcome.of(exchange.getResponse().getStatusCode()), exchange));
    }

    /** What the gateway answers by itself, as to a handshake that no backend need see, says nothing of a backend. */
    private static void note(Target target, CallOutcome outcome, ServerWebExchange exchange) {
        if (!outcome.isAnswer() || ExchangeAttribute.ANSWER.of(exchange).isPresent()) {
            target.note(outcome);
        }
    }

    private Optional<Target> next(ServerWebExchange exchange, Set<Target> tried) {
        Optional<Target> next = targets.next(tried);
        next.ifPresent(target -> {
            ExchangeAttribute.BACKEND.set(exchange, target.address());
            target.found().ifPresent(found -> ExchangeAttribute.BACKEND_FOUND.set(exchange, found));
        });
        return next;
    }

    private Mono<Void> refuse(ServerWebExchange exchange) {
        return problems.write(exchange, Problem.BACKEND_UNKNOWN);
    }

    /** One request, through as many attempts as its route allows. */
    private final class Call {

        private final ServerWebExchange exchange;
        private final GatewayFilterChain chain;
        private final long deadline = System.nanoTime() + whole.toNanos();
        private final Set<Target> tried = new HashSet<>(4);
        private int attempts;

        Call(ServerWebExchange exchange, GatewayFilterChain chain) {
            this.exchange = exchange;
            this.chain = chain;
        }

        /** The rest of the chain is the call itself: it writes nothing to the client, so its failure is an outcome. */
        Mono<Void> attempt() {
            return next(exchange, tried).map(this::attempt).orElseGet(() -> refuse(exchange));
        }

        /** The forwarder ends it in time, on the event loop where its answer comes: so one of them is first. */
        private Mono<Void> attempt(Target target) {
            ExchangeAttribute.ATTEMPT_LIMIT.set(exchange, limit());
            return chain.filter(exchange)
                    .then(Mono.fromSupplier(
                            () -> CallOutcome.of(exchange.getResponse().getStatusCode())))
                    .onErrorResume(failure -> Mono.just(CallOutcome.of(failure)))
                    .flatMap(outcome -> decide(target, outcome));
        }

        private Mono<Void> decide(Target target, CallOutcome outcome) {
            note(target, outcome, exchange);
            Duration pause = pause();
            if (!mayRepeat(outcome) || left().compareTo(pause) <= 0) {
                return outcome.end();
            }
            attempts++;
            tried.add(target);
            ExchangeAttribute.ANSWER.take(exchange).ifPresent(BackendAnswer::discard);
            ServerWebExchangeUtils.reset(exchange);
            return Mono.delay(pause).then(Mono.defer(this::attempt));
        }

        private boolean mayRepeat(CallOutcome outcome) {
            Optional<RetryRule.Cause> cause = outcome.cause();
            return cause.isPresent()
                    && attempts < retries.count()
                    && retries.causes().contains(cause.get())
                    && !exchange.getResponse().isCommitted();
        }

        private Duration pause() {
            long most = retries.backoff().toNanos() << attempts;
            return Duration.ofNanos(most - ThreadLocalRandom.current().nextLong(most / 2 + 1));
        }

        private Duration limit() {
            Duration left = left();
            return retries.attemptTimeout()
                    .filter(limit -> limit.compareTo(left) < 0)
                    .orElse(left);
        }

        private Duration left() {
            return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        }
    }
}
