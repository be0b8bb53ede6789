package dev.latchkey.gateway.routes.upstream;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** One request, through as many attempts as its route allows. */
final class BackendCall {

    private final ServerWebExchange exchange;
    private final GatewayFilterChain chain;
    private final Targets targets;
    private final RetryRule rule;
    private final long deadline;
    private final Set<Target> tried = new HashSet<>(4);
    private int attempts;

    BackendCall(ServerWebExchange exchange, GatewayFilterChain chain, Targets targets, RetryRule rule, Duration whole) {
        this.exchange = exchange;
        this.chain = chain;
        this.targets = targets;
        this.rule = rule;
        this.deadline = System.nanoTime() + whole.toNanos();
    }

    /** The rest of the chain is the call itself: it writes nothing to the client, so its failure is an outcome. */
    Mono<Void> attempt() {
        Target target = targets.next(tried);
        ExchangeAttribute.BACKEND.set(exchange, target.address());
        return chain.filter(exchange)
                .then(Mono.fromSupplier(
                        () -> CallOutcome.of(exchange.getResponse().getStatusCode())))
                .timeout(limit())
                .onErrorResume(failure -> Mono.just(CallOutcome.of(failure)))
                .flatMap(outcome -> judge(target, outcome));
    }

    private Mono<Void> judge(Target target, CallOutcome outcome) {
        record(target, outcome);
        Duration pause = pause();
        if (!mayRepeat(outcome) || left().compareTo(pause) <= 0) {
            return outcome.end();
        }
        attempts++;
        tried.add(target);
        ServerWebExchangeUtils.reset(exchange);
        return Mono.delay(pause).then(Mono.defer(this::attempt));
    }

    private boolean mayRepeat(CallOutcome outcome) {
        Optional<RetryCause> cause = outcome.cause();
        return cause.isPresent()
                && attempts < rule.count()
                && rule.causes().contains(cause.get())
                && !exchange.getResponse().isCommitted();
    }

    /** A failure that is not the backend's does not change its health. */
    static void record(Target target, CallOutcome outcome) {
        Optional<RetryCause> cause = outcome.cause();
        if (cause.isEmpty()) {
            if (outcome.isAnswer()) {
                target.answered();
            }
        } else if (cause.get() == RetryCause.CONNECT) {
            target.unreachable();
        } else {
            target.failed();
        }
    }

    private Duration pause() {
        long most = rule.backoff().toNanos() << attempts;
        return Duration.ofNanos(most - ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    private Duration limit() {
        Duration left = left();
        return rule.attemptTimeout().filter(it -> it.compareTo(left) < 0).orElse(left);
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }
}
