package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.routes.definition.Rewrite;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Changes the request's headers as its route says, between the framework's own filters and the gateway's last ones. */
@Component
@Order(0)
final class RouteRequestHeaders implements HttpHeadersFilter {

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Object rewrite = route == null ? null : route.getMetadata().get(Rewrite.METADATA_KEY);
        return rewrite instanceof Rewrite it ? it.request().applied(input) : input;
    }
}
