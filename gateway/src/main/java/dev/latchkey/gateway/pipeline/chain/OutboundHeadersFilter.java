package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.OutboundHead;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import java.net.URI;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Makes the head of the request to the backend. It comes last and starts from the client's request: the framework's own
 * filters do less of the same, and would remove what it adds.
 */
@Component
final class OutboundHeadersFilter implements HttpHeadersFilter, Ordered {

    private final OutboundHead head;

    OutboundHeadersFilter(OutboundHead head) {
        this.head = head;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        HttpHeaders headers = new HttpHeaders();
        head.write(
                new SpringRequestHead(exchange.getRequest()),
                HeaderChanges.of(RouteMetadata.of(exchange), HeaderChanges.REQUEST_KEY),
                ExchangeAttribute.identityOf(exchange),
                ExchangeAttribute.STRIPPED_PREFIX.of(exchange).orElse(""),
                new SpringHeaderFields(headers));
        URI backend = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        RawTarget.toBackend(new SpringHeaderFields(exchange.getRequest().getHeaders()), backend.getRawPath())
                .ifPresent(target -> headers.set(RawTarget.HEADER, target));
        return headers;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
