package dev.latchkey.gateway.pipeline.timing;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.telemetry.RequestMeters;
import dev.latchkey.gateway.telemetry.RequestRecord;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpOperations;

/**
 * Gives later steps the record of their request. The management port, whose server runs the same web filters in a
 * context of its own, has none.
 */
@Component
final class RecordFilter implements WebFilter, Ordered {

    private final ApplicationContext context;

    RecordFilter(ApplicationContext context) {
        this.context = context;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getApplicationContext() == context) {
            record(exchange);
        }
        return chain.filter(exchange);
    }

    /** The connection has one request at a time for the chain. */
    private static void record(ServerWebExchange exchange) {
        if (ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest()) instanceof HttpOperations<?, ?> client) {
            RequestRecord record = RequestRecord.of(client.channel());
            if (record != null) {
                record.takenByChain();
                ExchangeAttribute.RECORD.set(exchange, record);
                exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> noteOwn(exchange, record)));
            }
        }
    }

    /** The gateway's own endpoints are functions. */
    private static void noteOwn(ServerWebExchange exchange, RequestRecord record) {
        if (exchange.getAttributes().containsKey(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE)) {
            record.matched(RequestMeters.GATEWAY);
        }
    }

    @Override
    public int getOrder() {
        return FilterOrder.RECORD;
    }
}
