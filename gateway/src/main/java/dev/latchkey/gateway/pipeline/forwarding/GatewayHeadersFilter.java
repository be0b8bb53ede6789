package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import java.net.URI;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Sets the gateway's own headers for the backend. It comes last: the framework's filters remove or rewrite forwarding
 * headers and those that {@code Connection} names, and must not find ours.
 */
@Component
final class GatewayHeadersFilter implements HttpHeadersFilter, Ordered {

    private final ForwardedHeaders forwarded;
    private final ForwardedPrefix prefix;

    GatewayHeadersFilter(ForwardedHeaders forwarded, ForwardedPrefix prefix) {
        this.forwarded = forwarded;
        this.prefix = prefix;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        HttpHeaders headers = new HttpHeaders();
        input.forEach((name, values) -> {
            if (!ReservedHeaders.tellsForWhom(name)) {
                headers.addAll(name, values);
            }
        });
        forwarded.set(exchange.getRequest(), headers);
        prefix.forBackend(exchange).ifPresent(value -> headers.set(ForwardedPrefix.NAME, value));
        OutboundIdentity identity = OutboundIdentity.of(exchange);
        identity.token().ifPresent(token -> headers.setBearerAuth(token.value()));
        identity.headers().forEach(headers::set);
        URI backend = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        RawTarget.toBackend(exchange.getRequest().getHeaders(), backend)
                .ifPresent(target -> headers.set(RawTarget.HEADER, target));
        return headers;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
