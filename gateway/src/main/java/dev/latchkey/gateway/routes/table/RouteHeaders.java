package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.routes.definition.HeaderChanges;
import dev.latchkey.gateway.routes.definition.Rewrite;
import java.util.function.Function;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** Changes headers as their route says, between the framework's own filters and the gateway's last ones. */
@Configuration(proxyBeanMethods = false)
class RouteHeaders {

    @Bean
    HttpHeadersFilter routeRequestHeaders() {
        return new Filter(HttpHeadersFilter.Type.REQUEST, Rewrite::request);
    }

    @Bean
    HttpHeadersFilter routeResponseHeaders() {
        return new Filter(HttpHeadersFilter.Type.RESPONSE, Rewrite::response);
    }

    private record Filter(Type type, Function<Rewrite, HeaderChanges> changes) implements HttpHeadersFilter, Ordered {

        @Override
        public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
            Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
            Object rewrite = route == null ? null : route.getMetadata().get(Rewrite.METADATA_KEY);
            return rewrite instanceof Rewrite known ? changes.apply(known).applied(input) : input;
        }

        @Override
        public boolean supports(Type asked) {
            return asked == type;
        }

        @Override
        public int getOrder() {
            return 0;
        }
    }
}
