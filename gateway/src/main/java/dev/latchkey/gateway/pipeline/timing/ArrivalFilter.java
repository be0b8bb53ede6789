package dev.latchkey.gateway.pipeline.timing;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.exchange.GatewayLatency;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Notes when a request arrived, and when it was answered if no backend was asked. The management port, whose server
 * runs the same web filters in a context of its own, is not timed.
 */
@Component
final class ArrivalFilter implements WebFilter, Ordered {

    private final GatewayLatencyMeter meter;
    private final ApplicationContext context;

    ArrivalFilter(GatewayLatencyMeter meter, ApplicationContext context) {
        this.meter = meter;
        this.context = context;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        GatewayLatency time = exchange.getApplicationContext() == context ? meter.arrived() : null;
        return time == null ? chain.filter(exchange) : timed(exchange, chain, time);
    }

    private Mono<Void> timed(ServerWebExchange exchange, WebFilterChain chain, GatewayLatency time) {
        ExchangeAttribute.LATENCY.set(exchange, time);
        return chain.filter(exchange).doOnTerminate(() -> ended(time));
    }

    private void ended(GatewayLatency time) {
        if (!time.isForwarded()) {
            meter.answered(time);
        }
    }

    @Override
    public int getOrder() {
        return FilterOrder.ARRIVAL;
    }
}
