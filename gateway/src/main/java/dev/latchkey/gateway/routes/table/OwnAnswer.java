package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.forwarding.CacheSharing;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.routes.definition.action.FixedResponse;
import dev.latchkey.gateway.routes.definition.action.Redirect;
import dev.latchkey.gateway.routes.definition.action.RouteAnswer;
import java.net.URI;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers for a route without a backend; the chain ends here. */
record OwnAnswer(RouteAnswer answer, boolean isPublic, ProblemWriter problems) implements GatewayFilter {

    private static final int NO_CONTENT = 204;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return answer instanceof Redirect redirect
                ? redirect(exchange, redirect)
                : respond(exchange.getResponse(), (FixedResponse) answer);
    }

    private Mono<Void> redirect(ServerWebExchange exchange, Redirect redirect) {
        URI target = exchange.getRequest().getURI();
        String prefix = ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("");
        Optional<String> location = redirect.location(target.getRawPath(), target.getRawQuery(), prefix);
        if (location.isEmpty()) {
            return problems.write(exchange, Problem.NOT_FOUND);
        }
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        response.setStatusCode(HttpStatusCode.valueOf(redirect.status()));
        headers.set(HttpHeaders.LOCATION, location.get());
        headers.setContentLength(0);
        limitSharing(headers);
        return response.setComplete();
    }

    private Mono<Void> respond(ServerHttpResponse response, FixedResponse fixed) {
        HttpHeaders headers = response.getHeaders();
        response.setStatusCode(HttpStatusCode.valueOf(fixed.status()));
        fixed.headers().forEach(headers::set);
        fixed.contentType().ifPresent(type -> headers.set(HttpHeaders.CONTENT_TYPE, type));
        limitSharing(headers);
        byte[] body = fixed.body().bytes();
        if (fixed.status() == NO_CONTENT) {
            return response.setComplete();
        }
        headers.setContentLength(body.length);
        return body.length == 0
                ? response.setComplete()
                : response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    /** What only some may have must not be kept for others. */
    private void limitSharing(HttpHeaders headers) {
        if (!isPublic) {
            CacheSharing.keepPrivate(new SpringHeaderFields(headers));
        }
    }
}
