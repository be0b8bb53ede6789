package dev.latchkey.gateway.routes.upstream;

import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpOperations;

/**
 * Turns {@link EarlyHints} on for a request. Off by default, because a proxy in front that takes a 103 for the final
 * answer gives one user the page of another (RFC 8297 section 3), and never for HTTP/1.0, which has no interim answers.
 */
@Component
final class EarlyHintsFilter implements GlobalFilter, Ordered {

    private final boolean isOn;
    private final List<HttpHeadersFilter> sanitizers;

    EarlyHintsFilter(AnswersProperties properties, List<HttpHeadersFilter> sanitizers) {
        this.isOn = properties.earlyHints();
        this.sanitizers = sanitizers;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (isOn
                && ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse())
                        instanceof HttpOperations<?, ?> client
                && client.version().compareTo(HttpVersion.HTTP_1_1) >= 0) {
            EarlyHints hints = new EarlyHints(
                    client,
                    headers ->
                            HttpHeadersFilter.filter(sanitizers, headers, exchange, HttpHeadersFilter.Type.RESPONSE));
            return chain.filter(exchange).contextWrite(context -> context.put(EarlyHints.class, hints));
        }
        return chain.filter(exchange);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
