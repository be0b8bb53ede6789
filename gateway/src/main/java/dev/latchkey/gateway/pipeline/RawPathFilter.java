package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.chain.ChainRoute;
import dev.latchkey.gateway.pipeline.chain.ChainRoutes;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.pipeline.paths.AmbiguousPaths;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import dev.latchkey.gateway.problem.Problem;
import java.util.Optional;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Rejects a request target that a backend could read in another way than we do, before anything matches it, unless its
 * route allows such paths, and one that servers behind each other could take for another route's.
 */
@Component
final class RawPathFilter implements WebFilter, Ordered {

    private final ChainRoutes routes;
    private final AmbiguousPaths ambiguousPaths;
    private final RefusedRequests refusedRequests;
    private final ErrorResponses errorResponses;

    RawPathFilter(
            ChainRoutes routes,
            AmbiguousPaths ambiguousPaths,
            RefusedRequests refusedRequests,
            ErrorResponses errorResponses) {
        this.routes = routes;
        this.ambiguousPaths = ambiguousPaths;
        this.refusedRequests = refusedRequests;
        this.errorResponses = errorResponses;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        if (isHierarchical(request) && (isClear(request) ? letPassClear(exchange) : letPass(exchange))) {
            return chain.filter(exchange);
        }
        refusedRequests.ambiguousPath(exchange);
        return errorResponses.reject(exchange, Problem.malformed("The path can be read in more than one way"));
    }

    private static boolean isClear(ServerHttpRequest request) {
        return RawPath.isUnambiguous(request.getURI().getRawPath())
                && !RawTarget.hasRawPath(new SpringHeaderFields(request.getHeaders()));
    }

    /** One without a route goes to no backend that could decode it again. */
    private boolean letPassClear(ServerWebExchange exchange) {
        RequestHead request = new SpringRequestHead(exchange.getRequest());
        if (RawPath.isDecodedOnce(request.path())) {
            return true;
        }
        Optional<? extends ChainRoute> route = routes.find(request);
        return route.isEmpty()
                || take(exchange, route.filter(found -> ambiguousPaths.mayPassDecodedAgain(request, found)));
    }

    private boolean letPass(ServerWebExchange exchange) {
        RequestHead request = new SpringRequestHead(exchange.getRequest());
        return take(exchange, routes.find(request).filter(found -> ambiguousPaths.mayPass(request, found)));
    }

    /** The request then has its route, even if the table changes. */
    private static boolean take(ServerWebExchange exchange, Optional<? extends ChainRoute> route) {
        route.ifPresent(found -> exchange.getAttributes()
                .put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, GatewayHandlerMapping.taken(exchange, found)));
        return route.isPresent();
    }

    private static boolean isHierarchical(ServerHttpRequest request) {
        return request.getURI().getRawPath() != null;
    }

    @Override
    public int getOrder() {
        return FilterOrder.RAW_PATH;
    }
}
