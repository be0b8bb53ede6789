package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.pipeline.order.FilterOrder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
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
 * Makes sure that a response which its backend broke off is not taken for a whole one. If the backend fails after the
 * head has left, the client's connection is reset, which no client can take for the end of the response, not even if
 * the end of the connection is one (RFC 9112 section 8). The framework would take the reset of a backend for a client
 * that left, and end the response properly. Each is logged and counted.
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

    /** A backend's response, as it is passed on to the client. */
    private static final class ForwardedAnswer extends ServerHttpResponseDecorator {

        private final Consumer<Throwable> brokenOff;

        /** @param brokenOff gets the failure before the client's connection is reset */
        ForwardedAnswer(ServerHttpResponse response, Consumer<Throwable> brokenOff) {
            super(response);
            this.brokenOff = brokenOff;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return untilBroken(super.writeWith(Flux.from(body).onErrorMap(this::failed)));
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return untilBroken(super.writeAndFlushWith(Flux.from(body).onErrorMap(this::failed)));
        }

        /** There is nothing left to say to the client, and other filters need not know. */
        private static Mono<Void> untilBroken(Mono<Void> writing) {
            return writing.onErrorResume(BrokenOff.class, failure -> Mono.empty());
        }

        /** Before the head has left, it is a failure like any other, with a response of its own. */
        private Throwable failed(Throwable failure) {
            if (!isCommitted()) {
                return failure;
            }
            brokenOff.accept(failure);
            HttpServerResponse response = getNativeResponse(getDelegate());
            response.withConnection(connection -> reset(connection.channel()));
            return new BrokenOff();
        }

        /**
         * Closed from the front of the pipeline: the TLS handler behind it would send a close_notify, which is a proper
         * end (RFC 8446 section 6.1). A stream of HTTP/2 is reset when it is closed before its end.
         */
        private static void reset(Channel channel) {
            if (channel instanceof SocketChannel) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                ChannelFuture unused = channel.pipeline().firstContext().close();
            } else {
                ChannelFuture unused = channel.close();
            }
        }

        /** Distinguishes it from a client that left. */
        private static final class BrokenOff extends RuntimeException {

            private static final long serialVersionUID = 1;

            BrokenOff() {
                super("the backend broke off its answer", null, false, false);
            }
        }
    }
}
