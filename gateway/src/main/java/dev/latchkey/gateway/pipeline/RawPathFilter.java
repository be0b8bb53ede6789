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

/**
 * Refuses a request target that a backend could read in another way than we do, before anything matches it, unless its
 * route wants such.
 */
@Component
final class RawPathFilter implements WebFilter, Ordered {

    private final SuspiciousPaths suspicious;
    private final Refusals refusals;

    RawPathFilter(SuspiciousPaths suspicious, Refusals refusals) {
        this.suspicious = suspicious;
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        return isWhole(request) && (isClear(request) || suspicious.letPass(exchange))
                ? chain.filter(exchange)
                : refusals.refuse(exchange, Problem.malformed("The path can be read in more than one way"));
    }

    private static boolean isClear(ServerHttpRequest request) {
        return RawPath.isUnambiguous(request.getURI().getRawPath());
    }

    private static boolean isWhole(ServerHttpRequest request) {
        URI target = request.getURI();
        return target.getRawPath() != null
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
