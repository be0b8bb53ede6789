package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.forwarder.Endpoint;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.OutboundHead;
import dev.latchkey.gateway.pipeline.forwarding.Via;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.util.Optional;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Makes the request that a backend gets, by the rules for its head. */
@Component
final class BackendRequests {

    private final OutboundHead rules;

    BackendRequests(OutboundHead rules) {
        this.rules = rules;
    }

    /** @param version of HTTP in which the client sent it */
    BackendRequest of(ServerWebExchange exchange, Endpoint backend, String version) {
        ServerHttpRequest request = exchange.getRequest();
        URI address = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        HeaderChanges changes = HeaderChanges.of(RouteMetadata.of(exchange), HeaderChanges.REQUEST_KEY);
        HttpHeaders fields = new DefaultHttpHeaders();
        SpringRequestHead client = new SpringRequestHead(request);
        fields.set(HttpHeaderNames.HOST, host(exchange, client).orElseGet(backend::authority));
        NettyHeaderFields lines = new NettyHeaderFields(fields);
        rules.write(
                client,
                changes,
                ExchangeAttribute.identityOf(exchange),
                ExchangeAttribute.STRIPPED_PREFIX.of(exchange).orElse(""),
                lines);
        Via.add(version, lines);
        if (Sockets.isHandshake(request)) {
            fields.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        } else {
            ConnectionFields.askForTrailers(client, fields);
        }
        boolean hasBody = ConnectionFields.frame(
                request.getHeaders().containsHeader("Transfer-Encoding"),
                request.getHeaders().getContentLength(),
                fields);
        DefaultHttpRequest head = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.getMethod().name()), target(request, address), fields);
        return new BackendRequest(request, head, hasBody, changes);
    }

    /** The framework's own way of keeping the client's is there for filters of others. */
    private static Optional<String> host(ServerWebExchange exchange, RequestHead client) {
        boolean keepsHost =
                exchange.getAttributeOrDefault(ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE, false);
        return ExchangeAttribute.BACKEND_HOST
                .of(exchange)
                .or(() -> Optional.ofNullable(keepsHost ? client.fields().first("Host") : null));
    }

    /** In origin form, and as it came where it is not a URI. */
    private static String target(ServerHttpRequest request, URI address) {
        return RawTarget.toBackend(new SpringHeaderFields(request.getHeaders()), address.getRawPath())
                .orElseGet(() -> target(address));
    }

    private static String target(URI address) {
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        return address.getRawQuery() == null ? path : path + "?" + address.getRawQuery();
    }
}
