package dev.latchkey.gateway.routes.limits;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * A request whose body fails once it is larger than it may be. The connection to the backend is then cut before the
 * body's end, so that the backend cannot take what came for all of it.
 */
final class CountedRequest extends ServerHttpRequestDecorator {

    private final long most;

    CountedRequest(ServerHttpRequest request, long most) {
        super(request);
        this.most = most;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        AtomicLong left = new AtomicLong(most);
        return super.getBody().handle((buffer, sink) -> count(buffer, left, sink));
    }

    private static void count(DataBuffer buffer, AtomicLong left, SynchronousSink<DataBuffer> sink) {
        if (left.addAndGet(-buffer.readableByteCount()) >= 0) {
            sink.next(buffer);
            return;
        }
        DataBufferUtils.release(buffer);
        sink.error(new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE));
    }
}
