package dev.latchkey.gateway.routes.limits;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Rejects bodies that are too large: those that say so before they are read, the others as soon as they are. The
 * framework's own limit believes {@code Content-Length}, and what has none passes it.
 */
public final class BodyLimit implements GatewayFilter {

    private final BodySize size;
    private final ProblemWriter problems;

    /** The limit of one route. */
    public BodyLimit(BodySize size, ProblemWriter problems) {
        this.size = size;
        this.problems = problems;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        long announced = request.getHeaders().getContentLength();
        if (!size.allows(announced)) {
            return problems.write(exchange, Problem.CONTENT_TOO_LARGE);
        }
        return announced >= 0
                ? chain.filter(exchange)
                : chain.filter(exchange.mutate().request(counted(request)).build());
    }

    /**
     * The body fails once it is larger than it may be. The backend never gets the body's end then, so that it cannot
     * take what came for all of it: the connection to it is cut, or closed after an answer that has begun.
     */
    private ServerHttpRequest counted(ServerHttpRequest request) {
        return new ServerHttpRequestDecorator(request) {
            @Override
            public Flux<DataBuffer> getBody() {
                AtomicLong received = new AtomicLong();
                return super.getBody().handle((buffer, sink) -> count(buffer, received, sink));
            }
        };
    }

    private void count(DataBuffer buffer, AtomicLong received, SynchronousSink<DataBuffer> sink) {
        if (size.allows(received.addAndGet(buffer.readableByteCount()))) {
            sink.next(buffer);
            return;
        }
        DataBufferUtils.release(buffer);
        sink.error(new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE));
    }
}
