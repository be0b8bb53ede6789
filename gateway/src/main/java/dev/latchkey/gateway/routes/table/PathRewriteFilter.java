package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.routes.definition.PathRewrite;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Changes the path; the framework's own filters would decode it and not restore it as it was. */
final class PathRewriteFilter implements GatewayFilter {

    private final PathRewrite rewrite;

    PathRewriteFilter(PathRewrite rewrite) {
        this.rewrite = rewrite;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        ServerWebExchangeUtils.addOriginalRequestUrl(exchange, request.getURI());
        String path = rewrite.applied(request.getURI().getRawPath());
        ExchangeAttribute.STRIPPED_PREFIX.set(
                exchange, rewrite.prefix(request.getURI().getRawPath()));
        return chain.filter(
                exchange.mutate().request(request.mutate().path(path).build()).build());
    }
}
