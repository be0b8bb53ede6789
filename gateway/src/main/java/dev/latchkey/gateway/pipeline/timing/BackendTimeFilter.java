package dev.latchkey.gateway.pipeline.timing;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.telemetry.RequestRecord;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Notes when a request leaves for the backend, and when the head of its response has arrived (then the chain behind
 * this filter completes; the body is written by an earlier filter).
 */
@Component
final class BackendTimeFilter implements GlobalFilter, Ordered {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return ExchangeAttribute.RECORD
                .of(exchange)
                .map(record -> recorded(exchange, chain, record))
                .orElseGet(() -> chain.filter(exchange));
    }

    /** Of several attempts the last one counts. One that takes too long fails before the next one. */
    private static Mono<Void> recorded(ServerWebExchange exchange, GatewayFilterChain chain, RequestRecord record) {
        record.sent(System.nanoTime());
        return chain.filter(exchange)
                .doOnSuccess(nothing -> record.answered(System.nanoTime()))
                .doOnError(failure -> record.left(System.nanoTime()))
                .doOnCancel(() -> record.left(System.nanoTime()));
    }

    @Override
    public int getOrder() {
        return FilterOrder.BACKEND_TIME;
    }
}
