package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Turns away bodies that are too large: those that say so before they are read, the others as soon as they are. The
 * framework's own limit believes {@code Content-Length}, and what has none passes it.
 */
public final class BodyLimit implements GatewayFilter {

    private final long most;
    private final ProblemWriter problems;

    /**
     * The limit of one route.
     *
     * @param most in bytes
     */
    public BodyLimit(long most, ProblemWriter problems) {
        this.most = most;
        this.problems = problems;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        long announced = request.getHeaders().getContentLength();
        if (announced > most) {
            return problems.write(exchange, Problem.contentTooLarge());
        }
        return announced >= 0
                ? chain.filter(exchange)
                : chain.filter(exchange.mutate()
                        .request(new CountedRequest(request, most))
                        .build());
    }
}
