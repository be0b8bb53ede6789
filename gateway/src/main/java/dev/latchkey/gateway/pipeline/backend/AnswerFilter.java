package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.exchange.BackendAnswer;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes a backend's answer to the client, after all other filters have seen its head. If the backend fails after the
 * head has left, the client's connection is reset, which no client can take for the end of the response, not even if
 * the end of the connection is one (RFC 9112 section 8). Each is logged and counted.
 */
@Component
final class AnswerFilter implements GlobalFilter, Ordered {

    private static final Logger LOGGER = LoggerFactory.getLogger(AnswerFilter.class);

    private final BrokenAnswers broken;
    private final Sockets sockets;

    AnswerFilter(BrokenAnswers broken, Sockets sockets) {
        this.broken = broken;
        this.sockets = sockets;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange)
                .then(Mono.defer(() -> write(exchange)))
                .doFinally(signal -> ExchangeAttribute.ANSWER.of(exchange).ifPresent(BackendAnswer::cancel));
    }

    private Mono<Void> write(ServerWebExchange exchange) {
        return ExchangeAttribute.ANSWER
                .of(exchange)
                .map(answer -> answer instanceof SocketAnswer socket
                        ? sockets.open(exchange, socket)
                        : write(exchange, (Answer) answer))
                .orElseGet(Mono::empty);
    }

    private Mono<Void> write(ServerWebExchange exchange, Answer answer) {
        ServerHttpResponse response = exchange.getResponse();
        if (answer.isWhole() && answer.trailers().isEmpty()) {
            DataBuffer all = answer.take();
            return all == null ? response.setComplete() : response.writeWith(Mono.just(all));
        }
        HttpServerResponse client = ServerHttpResponseDecorator.getNativeResponse(response);
        if (client.version().equals(HttpVersion.HTTP_1_1)) {
            var unused = client.trailerHeaders(trailers -> addAll(answer.trailers(), trailers));
        }
        return response.writeWith(Flux.from(answer).onErrorMap(failure -> failed(exchange, failure)))
                .onErrorResume(BrokenOff.class, failure -> Mono.empty());
    }

    /** Some names are refused there. */
    private static void addAll(HttpHeaders from, HttpHeaders to) {
        for (Map.Entry<String, String> field : from) {
            try {
                to.add(field.getKey(), field.getValue());
            } catch (IllegalArgumentException refused) {
                LOGGER.debug("A trailer is not passed on", refused);
            }
        }
    }

    /** Before the head has left, it is a failure like any other, with a response of its own. */
    private Throwable failed(ServerWebExchange exchange, Throwable failure) {
        if (!exchange.getResponse().isCommitted()) {
            return failure;
        }
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        HttpServerResponse client = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        client.withConnection(connection -> broken.broken(route.getId(), failure, connection.channel()));
        return new BrokenOff();
    }

    @Override
    public int getOrder() {
        return FilterOrder.ANSWER;
    }

    /** There is nothing left to say to the client, and other filters need not know. */
    private static final class BrokenOff extends RuntimeException {

        private static final long serialVersionUID = 1;

        BrokenOff() {
            super("the backend broke off its answer", null, false, false);
        }
    }
}
