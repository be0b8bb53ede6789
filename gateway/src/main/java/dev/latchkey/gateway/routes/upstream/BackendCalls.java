package dev.latchkey.gateway.routes.upstream;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.matching.WebSocketHandshake;
import java.time.Duration;
import java.util.Set;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Chooses a backend for each attempt, and the next one if that failed. A call ends with the head of the answer, before
 * anything is written to the client; the framework's own retry would keep bodies in memory, and knows no other backend.
 */
public final class BackendCalls implements GatewayFilter {

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Targets targets;
    private final RetryRule retries;
    private final Duration whole;

    /** @param whole the time until the answer must begin, for all attempts and pauses together */
    public BackendCalls(Targets targets, RetryRule retries, Duration whole) {
        this.targets = targets;
        this.retries = retries;
        this.whole = whole;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        if (WebSocketHandshake.isOpenedBy(request)) {
            return socket(exchange, chain);
        }
        RetryRule rule = isRepeatable(request) ? retries : RetryRule.NONE;
        return new BackendCall(ClientBody.in(exchange), chain, targets, rule, whole).attempt();
    }

    /** The client's handshake is accepted before the backend is connected, so nothing can be retried. */
    private Mono<Void> socket(ServerWebExchange exchange, GatewayFilterChain chain) {
        Target target = targets.next(Set.of());
        ExchangeAttribute.BACKEND.set(exchange, target.address());
        return chain.filter(exchange)
                .doOnError(failure -> BackendCall.record(target, CallOutcome.of(failure)))
                .doOnSuccess(ended -> target.answered());
    }

    private static boolean isRepeatable(ServerHttpRequest request) {
        return SAFE.contains(request.getMethod()) && !ClientBody.isThere(request.getHeaders());
    }
}
