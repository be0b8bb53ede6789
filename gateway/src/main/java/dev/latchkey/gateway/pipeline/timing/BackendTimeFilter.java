package dev.latchkey.gateway.pipeline.timing;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.exchange.GatewayLatency;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.telemetry.RequestRecord;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Notes when a request leaves for the backend, when the head of its response has arrived (then the chain behind this
 * filter completes; the body is written by an earlier filter), and when the head of ours leaves.
 */
@Component
final class BackendTimeFilter implements GlobalFilter, Ordered {

    private final GatewayLatencyMeter meter;

    BackendTimeFilter(GatewayLatencyMeter meter) {
        this.meter = meter;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        RequestRecord record = ExchangeAttribute.RECORD.of(exchange).orElse(null);
        Mono<Void> rest = record == null ? chain.filter(exchange) : recorded(exchange, chain, record);
        return ExchangeAttribute.LATENCY
                .of(exchange)
                .map(time -> timed(exchange, rest, time))
                .orElse(rest);
    }

    /** Of several attempts the last one counts, and only one that brought an answer. */
    private static Mono<Void> recorded(ServerWebExchange exchange, GatewayFilterChain chain, RequestRecord record) {
        record.sent(System.nanoTime());
        return chain.filter(exchange).doOnSuccess(nothing -> record.answered(System.nanoTime()));
    }

    /**
     * An attempt that takes too long is cancelled before the next one. The meter is registered after the cookies,
     * because what they ask of Redis is the gateway's own time.
     */
    private Mono<Void> timed(ServerWebExchange exchange, Mono<Void> rest, GatewayLatency time) {
        if (!time.isForwarded()) {
            exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> meter.forwarded(time)));
        }
        time.sent(System.nanoTime());
        Runnable answered = () -> time.answered(System.nanoTime());
        return rest.doOnTerminate(answered).doOnCancel(answered);
    }

    @Override
    public int getOrder() {
        return FilterOrder.BACKEND_TIME;
    }
}
