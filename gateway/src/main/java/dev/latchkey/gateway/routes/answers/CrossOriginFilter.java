package dev.latchkey.gateway.routes.answers;

import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Says on all of a route's answers which origins may read them; the whole gateway's trusted ones are told already. */
public final class CrossOriginFilter implements GatewayFilter {

    private final CorsRule rule;
    private final CrossOriginAccess trusted;

    public CrossOriginFilter(CorsRule rule, CrossOriginAccess trusted) {
        this.rule = rule;
        this.trusted = trusted;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> describe(exchange)));
        return chain.filter(exchange);
    }

    private void describe(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders answer = exchange.getResponse().getHeaders();
        if (trusted.isAllowed(request)) {
            rule.expose(answer);
        } else {
            rule.describe(request, answer);
        }
    }
}
