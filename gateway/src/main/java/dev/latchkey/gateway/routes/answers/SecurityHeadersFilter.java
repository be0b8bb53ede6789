package dev.latchkey.gateway.routes.answers;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sets a route's security headers on all of its answers, refusals too. A backend's own value stays: it knows its pages.
 */
public final class SecurityHeadersFilter implements GatewayFilter {

    private final SecurityHeaders headers;

    public SecurityHeadersFilter(SecurityHeaders headers) {
        this.headers = headers;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        HttpHeaders answer = exchange.getResponse().getHeaders();
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> complete(answer)));
        return chain.filter(exchange);
    }

    private void complete(HttpHeaders answer) {
        headers.values().forEach((name, value) -> {
            if (!answer.containsHeader(name)) {
                answer.set(name, value);
            }
        });
    }
}
