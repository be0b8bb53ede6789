package dev.latchkey.gateway.routes.upstream;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/**
 * A request whose body fails in another way than a backend does. A client that goes away while it sends looks like a
 * broken connection, and must not get a healthy backend ejected.
 */
final class ClientBody extends ServerHttpRequestDecorator {

    private final Runnable onEnd;

    private ClientBody(ServerHttpRequest request, Runnable onEnd) {
        super(request);
        this.onEnd = onEnd;
    }

    static ServerWebExchange in(ServerWebExchange exchange) {
        return in(exchange, () -> {});
    }

    /** @param onEnd is called when the body has been read whole */
    static ServerWebExchange in(ServerWebExchange exchange, Runnable onEnd) {
        ServerHttpRequest request = exchange.getRequest();
        return isThere(request.getHeaders())
                ? exchange.mutate().request(new ClientBody(request, onEnd)).build()
                : exchange;
    }

    /** Whether a request has a body (RFC 9112 section 6.3). */
    static boolean isThere(HttpHeaders request) {
        return request.getContentLength() > 0 || request.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return super.getBody()
                .doOnComplete(onEnd)
                .onErrorMap(
                        failure -> !(failure instanceof ResponseStatusException),
                        failure -> new ResponseStatusException(HttpStatus.BAD_REQUEST, "the body broke off", failure));
    }
}
