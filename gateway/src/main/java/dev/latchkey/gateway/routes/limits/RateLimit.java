package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Turns away what comes too often, before the backend is asked and after it is known who asks. */
public final class RateLimit implements GatewayFilter {

    private final RateRule rule;
    private final RateBucket buckets;
    private final RateCounter counter;
    private final ProblemWriter problems;

    /**
     * The limit of one route.
     *
     * @param route its id: each route has buckets of its own
     */
    public RateLimit(
            String route, RateRule rule, RateCounter counter, ClientAddress addresses, ProblemWriter problems) {
        this.rule = rule;
        this.buckets = new RateBucket(route, rule.key(), addresses);
        this.counter = counter;
        this.problems = problems;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return counter.take(buckets.of(exchange), rule)
                .flatMap(outcome -> outcome.fold(
                        () -> chain.filter(exchange),
                        wait -> problems.write(exchange, Problem.tooManyRequests(wait)),
                        () -> uncounted(exchange, chain)));
    }

    private Mono<Void> uncounted(ServerWebExchange exchange, GatewayFilterChain chain) {
        return switch (rule.onRedisOutage()) {
            case DENY -> problems.write(exchange, Problem.unavailable());
            case ALLOW -> chain.filter(exchange);
        };
    }
}
