package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.forwarding.MaxForwards;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers what may pass no further gateway, by the rule of {@link MaxForwards}; the lane leaves it to the chain. */
@Component
final class MaxForwardsFilter implements GlobalFilter, Ordered {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        boolean isForUs = MaxForwards.appliesTo(request.getMethod().name())
                && MaxForwards.isUsedUp(new SpringHeaderFields(request.getHeaders()));
        return isForUs ? answer(exchange) : chain.filter(exchange);
    }

    /**
     * Without {@code Allow}: further routes may have the same path and other methods, and backends allow what they
     * like.
     */
    private static Mono<Void> answer(ServerWebExchange exchange) {
        exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
        return exchange.getResponse().setComplete();
    }

    @Override
    public int getOrder() {
        return FilterOrder.MAX_FORWARDS;
    }
}
