package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.forwarder.BackendExchange;
import dev.latchkey.gateway.forwarder.BackendListener;
import dev.latchkey.gateway.forwarder.Endpoint;
import dev.latchkey.gateway.forwarder.ExchangeLimits;
import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.pipeline.forwarding.ResponseHead;
import dev.latchkey.gateway.pipeline.forwarding.Via;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.HttpOperations;

/**
 * Sends a request to its backend, on the event loop of the client's connection, and completes with the head of the
 * answer; an earlier filter writes it.
 */
@Component
final class ForwardingFilter implements GlobalFilter, Ordered {

    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

    private final Forwarder forwarder;
    private final Endpoints endpoints;
    private final BackendRequests requests;
    private final ResponseHead responses;
    private final ExchangeLimits limits;
    private final EarlyHints hints;
    private final Sockets sockets;

    ForwardingFilter(
            Forwarder forwarder,
            Endpoints endpoints,
            BackendRequests requests,
            ResponseHead responses,
            BackendsProperties properties,
            EarlyHints hints,
            Sockets sockets) {
        this.forwarder = forwarder;
        this.endpoints = endpoints;
        this.requests = requests;
        this.responses = responses;
        this.limits = properties.limits();
        this.hints = hints;
        this.sockets = sockets;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI address = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        if (ServerWebExchangeUtils.isAlreadyRouted(exchange) || !SCHEMES.contains(address.getScheme())) {
            return chain.filter(exchange);
        }
        ServerWebExchangeUtils.setAlreadyRouted(exchange);
        if (Via.isLoop(new SpringHeaderFields(exchange.getRequest().getHeaders()))) {
            return Mono.error(new ResponseStatusException(HttpStatus.LOOP_DETECTED));
        }
        Optional<Mono<Void>> refusal = sockets.refusal(exchange, address);
        return refusal.orElseGet(() -> Mono.create(sink -> forward(exchange, sink)));
    }

    private void forward(ServerWebExchange exchange, MonoSink<Void> sink) {
        HttpOperations<?, ?> client = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        Channel connection = client.channel();
        if (!connection.isRegistered()) {
            sink.error(AbortedException.beforeSend());
            return;
        }
        EventLoop loop = connection.eventLoop();
        Endpoint endpoint = endpoints.of(exchange);
        BackendRequest request =
                requests.of(exchange, endpoint, ClientConnection.version(client.version(), connection));
        BackendCall call = new BackendCall(
                loop,
                sink,
                new ClientResponse(exchange, client, responses, hints, sockets.limits()),
                request.upload(loop, connection, sink::contextView),
                request.expectsContinue());
        sink.onCancel(call::cancel);
        ExchangeLimits time = limits(exchange);
        Runnable begin = () -> call.begin(listener -> send(loop, endpoint, request, time, listener));
        if (loop.inEventLoop()) {
            begin.run();
        } else {
            loop.execute(begin);
        }
    }

    private BackendExchange send(
            EventLoop loop, Endpoint endpoint, BackendRequest request, ExchangeLimits time, BackendListener listener) {
        return forwarder.send(loop, endpoint, request.head(), request.hasBody(), time, listener);
    }

    private ExchangeLimits limits(ServerWebExchange exchange) {
        Map<String, Object> route = RouteMetadata.of(exchange);
        Object connect = route.get(RouteMetadataUtils.CONNECT_TIMEOUT_ATTR);
        Object response = route.get(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR);
        Optional<Duration> attempt = ExchangeAttribute.ATTEMPT_LIMIT.of(exchange);
        return connect == null && response == null && attempt.isEmpty()
                ? limits
                : new ExchangeLimits(
                        connect == null ? limits.connect() : millis(connect),
                        attempt.orElseGet(() -> response == null ? limits.head() : millis(response)),
                        limits.stall());
    }

    private static Duration millis(Object number) {
        return Duration.ofMillis(((Number) number).longValue());
    }

    @Override
    public int getOrder() {
        return FilterOrder.FORWARDING;
    }
}
