package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.routes.definition.action.QueryChanges;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Changes path, query and {@code Host} for the backend. The framework's own filters would decode the path and not
 * restore it as it was.
 */
record TargetRewrite(Rewrite rewrite, ProblemWriter problems) implements GatewayFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String rawPath = request.getURI().getRawPath();
        Optional<String> path = rewrite.path().applied(rawPath);
        if (path.isEmpty()) {
            return problems.write(exchange, Problem.malformed("The route cannot rewrite this path"));
        }
        ServerWebExchangeUtils.addOriginalRequestUrl(exchange, request.getURI());
        ExchangeAttribute.STRIPPED_PREFIX.set(exchange, rewrite.path().prefix(rawPath));
        String host = rewrite.host().instead(request.getHeaders().getFirst(HttpHeaders.HOST));
        if (host != null) {
            ExchangeAttribute.BACKEND_HOST.set(exchange, host);
        }
        return chain.filter(
                exchange.mutate().request(rewritten(request, path.get())).build());
    }

    private ServerHttpRequest rewritten(ServerHttpRequest request, String path) {
        URI target = request.getURI();
        QueryChanges query = rewrite.addQuery();
        ServerHttpRequest.Builder changed =
                request.mutate().uri(withTarget(target, path, query.applied(target.getRawQuery())));
        String raw = request.getHeaders().getFirst(RawTarget.HEADER);
        if (raw != null && !query.isEmpty()) {
            int mark = raw.indexOf('?');
            changed.header(
                    RawTarget.HEADER,
                    (mark < 0 ? raw : raw.substring(0, mark)) + "?"
                            + query.applied(mark < 0 ? null : raw.substring(mark + 1)));
        }
        return changed.build();
    }

    private static URI withTarget(URI uri, String path, @Nullable String query) {
        String origin = uri.getScheme() == null ? "" : uri.getScheme() + "://" + uri.getRawAuthority();
        return URI.create(origin + path + (query == null ? "" : "?" + query));
    }
}
