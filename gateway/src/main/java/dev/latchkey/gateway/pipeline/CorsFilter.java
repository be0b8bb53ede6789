package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers the preflights of allowed origins before a token is required, which preflights never carry, and opens
 * responses to those origins. Other preflights go on, so that {@link GatewayHandlerMapping} may let a public backend
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
        return CrossOriginAccess.isPreflight(new SpringRequestHead(exchange.getRequest()))
                ? preflight(exchange, chain)
                : opened(exchange, chain);
    }

    /** 403 unless a later step decides otherwise: the framework would answer 200 if it knows nothing of CORS. */
    private Mono<Void> preflight(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpResponse response = exchange.getResponse();
        RequestHead request = new SpringRequestHead(exchange.getRequest());
        if (access.isAllowed(request)) {
            access.grant(request, new SpringHeaderFields(response.getHeaders()));
            response.setStatusCode(HttpStatus.NO_CONTENT);
            return response.setComplete();
        }
        response.setStatusCode(HttpStatus.FORBIDDEN);
        return chain.filter(exchange);
    }

    private Mono<Void> opened(ServerWebExchange exchange, WebFilterChain chain) {
        if (!access.isClosed()) {
            ServerHttpResponse response = exchange.getResponse();
            response.beforeCommit(() -> Mono.fromRunnable(() -> access.describe(
                    new SpringRequestHead(exchange.getRequest()), new SpringHeaderFields(response.getHeaders()))));
        }
        return chain.filter(exchange);
    }

    @Override
    public int getOrder() {
        return FilterOrder.CORS;
    }
}
