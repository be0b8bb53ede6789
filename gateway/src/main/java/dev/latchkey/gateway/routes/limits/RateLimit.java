package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.ratelimit.Limiter;
import dev.latchkey.gateway.redis.LuaScripts;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Rejects requests that come too often, before the backend is asked and once it is known who asks. */
public final class RateLimit implements GatewayFilter {

    private static final RedisScript<Long> TAKE =
            LuaScripts.timed(Long.class, "dev/latchkey/gateway/routes/limits/take.lua");

    private final String route;
    private final RateRule rule;
    private final Limiter limiter;
    private final ClientAddress addresses;
    private final ProblemWriter problems;

    /**
     * The limit of one route.
     *
     * @param route its id: each route has buckets of its own
     */
    public RateLimit(String route, RateRule rule, Limiter limiter, ClientAddress addresses, ProblemWriter problems) {
        this.route = route;
        this.rule = rule;
        this.limiter = limiter;
        this.addresses = addresses;
        this.problems = problems;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return limiter.count(TAKE, List.of(bucket(exchange)), rule.interval(), rule.burst())
                .flatMap(outcome -> outcome.fold(
                        counted -> chain.filter(exchange),
                        wait -> problems.write(exchange, Problem.tooManyRequests(wait)),
                        () -> uncounted(exchange, chain)));
    }

    private Mono<Void> uncounted(ServerWebExchange exchange, GatewayFilterChain chain) {
        return switch (rule.onRedisOutage()) {
            case DENY -> problems.write(exchange, Problem.UNAVAILABLE);
            case ALLOW -> chain.filter(exchange);
        };
    }

    /** In braces what Redis Cluster spreads buckets by. */
    private String bucket(ServerWebExchange exchange) {
        return "latchkey:rate:{" + Sha256.base64Url(route + "\n" + counted(exchange)) + "}";
    }

    private String counted(ServerWebExchange exchange) {
        if (rule.key() == RateKey.ROUTE) {
            return "route";
        }
        return ExchangeAttribute.identityOf(exchange)
                .caller()
                .filter(caller -> rule.key() == RateKey.SUBJECT)
                .map(caller -> "subject\n" + caller.subject().value())
                .orElseGet(() ->
                        "address\n" + IpAddresses.network(addresses.of(new SpringRequestHead(exchange.getRequest()))));
    }
}
