package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers the preflights of allowed origins before anybody asks for a token, which preflights never carry, and opens
 * the answers to those origins. Other preflights go on: {@link FrontDoorMapping} refuses them or lets a public backend
 * answer.
 */
@Component
final class CorsFilter implements WebFilter, Ordered {

    private final CrossOriginAccess access;

    CorsFilter(CrossOriginAccess access) {
        this.access = access;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (access.isClosed()) {
            return chain.filter(exchange);
        }
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        boolean allowed = access.isAllowed(request);
        if (allowed && CrossOriginAccess.isPreflight(request)) {
            access.grant(request, response.getHeaders());
            response.setStatusCode(HttpStatus.NO_CONTENT);
            return response.setComplete();
        }
        response.beforeCommit(() -> Mono.fromRunnable(() -> describe(request, response, allowed)));
        return chain.filter(exchange);
    }

    private void describe(ServerHttpRequest request, ServerHttpResponse response, boolean allowed) {
        access.vary(response.getHeaders());
        if (allowed) {
            access.open(request, response.getHeaders());
        }
    }

    @Override
    public int getOrder() {
        return FilterOrder.CORS;
    }
}
