package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.pipeline.order.FilterOrder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sees to it that an answer which its backend broke off is not taken for a whole one: see {@link ForwardedAnswer}. Each
 * is told in a line of the log, and counted.
 */
@Component
final class BrokenAnswerFilter implements GlobalFilter, Ordered {

    private static final Logger LOGGER = LoggerFactory.getLogger(BrokenAnswerFilter.class);

    private final Counter broken;

    BrokenAnswerFilter(MeterRegistry registry) {
        this.broken = Counter.builder("latchkey.answers.broken")
                .description("Answers that a backend broke off after their head had left for the client")
                .register(registry);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ForwardedAnswer answer = new ForwardedAnswer(exchange.getResponse(), failure -> note(exchange, failure));
        return chain.filter(exchange.mutate().response(answer).build());
    }

    private void note(ServerWebExchange exchange, Throwable failure) {
        broken.increment();
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        LOGGER.warn(
                "The backend of route '{}' broke off its answer: {}",
                route.getId(),
                failure.getClass().getSimpleName());
    }

    @Override
    public int getOrder() {
        return FilterOrder.BROKEN_ANSWER;
    }
}
