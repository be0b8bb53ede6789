package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.ResponseHead;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Cleans the head of a backend's response. It runs before the headers reach the client's response, which may hold the
 * gateway's own cookies already. A WebSocket needs none of this: the headers of a backend's handshake never reach the
 * client.
 */
@Component
final class BackendHeadersFilter implements HttpHeadersFilter, Ordered {

    private final ResponseHead head;

    BackendHeadersFilter(ResponseHead head) {
        this.head = head;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        HttpHeaders headers = new HttpHeaders();
        headers.addAll(input);
        head.clean(
                new SpringHeaderFields(headers),
                HeaderChanges.of(RouteMetadata.of(exchange), HeaderChanges.RESPONSE_KEY),
                ExchangeAttribute.identityOf(exchange).caller().isPresent());
        return headers;
    }

    @Override
    public boolean supports(Type type) {
        return type == Type.RESPONSE;
    }

    /** Before the framework's own, so that nothing is hidden from it by what the backend says of its connection. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
