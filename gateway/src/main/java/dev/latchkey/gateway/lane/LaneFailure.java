package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.pipeline.order.FilterOrder;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Answers a request that failed on the lane, as if its backend had failed here: so there is one place that says what
 * went wrong, as a page or as a document.
 */
@Component
final class LaneFailure implements GlobalFilter, Ordered {

    private static final AttributeKey<Throwable> WHY = AttributeKey.valueOf(LaneFailure.class, "why");

    /** The next request that the chain reads from this connection has failed. */
    static void set(Channel client, Throwable why) {
        client.attr(WHY).set(why);
    }

    /** The chain has answered without asking. */
    static void clear(Channel client) {
        if (client.hasAttr(WHY)) {
            client.attr(WHY).set(null);
        }
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Throwable why = taken(exchange);
        return why == null ? chain.filter(exchange) : Mono.error(why);
    }

    private static @Nullable Throwable taken(ServerWebExchange exchange) {
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        Throwable[] why = new Throwable[1];
        request.withConnection(connection -> why[0] = connection.channel().hasAttr(WHY)
                ? connection.channel().attr(WHY).getAndSet(null)
                : null);
        return why[0];
    }

    /** Behind authorization, and before all that knows of backends. */
    @Override
    public int getOrder() {
        return FilterOrder.LANE_FAILURE;
    }
}
