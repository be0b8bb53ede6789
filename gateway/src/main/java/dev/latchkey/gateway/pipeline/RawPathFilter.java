package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.pipeline.forwarding.RawPath;
import dev.latchkey.gateway.problem.Problem;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Refuses a request target that a backend could read in another way than we do, before anything matches it. */
@Component
final class RawPathFilter implements WebFilter, Ordered {

    private final Refusals refusals;

    RawPathFilter(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return isClear(exchange.getRequest())
                ? chain.filter(exchange)
                : refusals.refuse(exchange, Problem.malformed("The path can be read in more than one way"));
    }

    private static boolean isClear(ServerHttpRequest request) {
        URI target = request.getURI();
        String path = target.getRawPath();
        return path != null
                && RawPath.isUnambiguous(path)
                && isAscii(target.getRawQuery())
                && request.getHeaders().getOrEmpty(HttpHeaders.HOST).size() <= 1;
    }

    /** Other characters are no URI (RFC 3986 section 2), and libraries differ in how they mend one. */
    private static boolean isAscii(@Nullable String query) {
        return query == null || query.chars().allMatch(it -> it > ' ' && it < 0x7f);
    }

    @Override
    public int getOrder() {
        return FilterOrder.RAW_PATH;
    }
}
