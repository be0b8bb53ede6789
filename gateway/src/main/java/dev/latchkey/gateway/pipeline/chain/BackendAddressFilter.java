package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import java.net.URI;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sends path and query to the backend byte for byte as they came. The framework would build them again, and encode them
 * a second time if the query holds a character that it does not expect, such as {@code [}.
 */
@Component
final class BackendAddressFilter implements GlobalFilter, Ordered {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        URI backend = ExchangeAttribute.BACKEND.of(exchange).orElseGet(route::getUri);
        URI address = address(backend, exchange.getRequest());
        exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR, address);
        return chain.filter(exchange);
    }

    private static URI address(URI backend, ServerHttpRequest request) {
        URI target = request.getURI();
        String query = target.getRawQuery();
        return URI.create(backend.getScheme() + "://" + backend.getRawAuthority() + target.getRawPath()
                + (query == null ? "" : "?" + query));
    }

    @Override
    public int getOrder() {
        return FilterOrder.BACKEND_ADDRESS;
    }
}
