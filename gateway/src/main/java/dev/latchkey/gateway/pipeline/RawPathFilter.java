package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.pipeline.paths.AmbiguousPaths;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import dev.latchkey.gateway.problem.Problem;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Rejects a request target that a backend could read in another way than we do, before anything matches it, unless its
 * route allows such paths.
 */
@Component
final class RawPathFilter implements WebFilter, Ordered {

    private final AmbiguousPaths ambiguousPaths;
    private final ErrorResponses errorResponses;

    RawPathFilter(AmbiguousPaths ambiguousPaths, ErrorResponses errorResponses) {
        this.ambiguousPaths = ambiguousPaths;
        this.errorResponses = errorResponses;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        return isHierarchical(request) && (isClear(request) || ambiguousPaths.letPass(exchange))
                ? chain.filter(exchange)
                : errorResponses.reject(exchange, Problem.malformed("The path can be read in more than one way"));
    }

    private static boolean isClear(ServerHttpRequest request) {
        return RawPath.isUnambiguous(request.getURI().getRawPath()) && !RawTarget.hasRawPath(request.getHeaders());
    }

    private static boolean isHierarchical(ServerHttpRequest request) {
        return request.getURI().getRawPath() != null;
    }

    @Override
    public int getOrder() {
        return FilterOrder.RAW_PATH;
    }
}
