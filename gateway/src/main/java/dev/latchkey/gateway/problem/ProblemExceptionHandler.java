package dev.latchkey.gateway.problem;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** Turns a failure into a problem document; an unknown one is logged, and the client learns nothing of it. */
@Component
@Order(-2)
final class ProblemExceptionHandler implements WebExceptionHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProblemExceptionHandler.class);

    /** A client can send half a request and leave as often as it likes. */
    private static final ThrottledLog ABORTED = new ThrottledLog(LOGGER, Level.DEBUG);

    /** While a backend is away, each request to it fails. */
    private static final ThrottledLog SILENT = new ThrottledLog(LOGGER, Level.WARN);

    private final ProblemWriter writer;

    ProblemExceptionHandler(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(unlessClosing(failure));
        }
        return failure instanceof AbortedException || failure.getCause() instanceof AbortedException
                ? left(exchange.getResponse())
                : writer.write(exchange, problem(exchange, failure));
    }

    /**
     * The client has left, so nobody gets a problem, and none counts. The server finds that out when it is to write.
     */
    private static Mono<Void> left(ServerHttpResponse response) {
        ABORTED.write("A connection broke before there was an answer", "aborted");
        response.setStatusCode(HttpStatus.BAD_GATEWAY);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(new byte[0])));
    }

    /**
     * What is dropped because the connection is being closed ({@code LingeringClose}) is no news to an operator; the
     * framework would log it. With a cause, the connection is closed because of that.
     */
    private static Throwable unlessClosing(Throwable failure) {
        return failure instanceof ChannelOutputShutdownException && failure.getCause() == null
                ? AbortedException.beforeSend()
                : failure;
    }

    private static Problem problem(ServerWebExchange exchange, Throwable failure) {
        if (failure instanceof ProblemException known) {
            return known.problem();
        }
        if (failure instanceof ResponseStatusException known) {
            return ofStatus(known.getStatusCode().value());
        }
        if (failure instanceof TimeoutException) {
            return ofStatus(504);
        }
        if (failure instanceof BackendFailure known && known.kind() != BackendFailure.Kind.FAULT) {
            SILENT.write("A backend did not answer", known.kind().name());
            return ofStatus(status(known.kind()));
        }
        if (failure instanceof IOException && !(failure instanceof BackendFailure)) {
            SILENT.write("A backend did not answer", failure.getClass().getSimpleName());
            return ofStatus(502);
        }
        String id =
                ExchangeAttribute.RECORD.of(exchange).map(RequestRecord::id).orElseGet(exchange.getRequest()::getId);
        LOGGER.atError().addKeyValue("http.request.id", id).setCause(failure).log("Request {} failed", id);
        return ofStatus(500);
    }

    private static int status(BackendFailure.Kind kind) {
        return switch (kind) {
            case EXHAUSTED -> 503;
            case WAIT_TIMEOUT, HEAD_TIMEOUT, STALLED -> 504;
            default -> 502;
        };
    }

    private static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> Problem.NOT_FOUND;
            case 413 -> Problem.CONTENT_TOO_LARGE;
            case 415 -> Problem.UNSUPPORTED_MEDIA_TYPE;
            case 503 -> Problem.UNAVAILABLE;
            case 405 -> Problem.METHOD_NOT_ALLOWED;
            case 502 -> new Problem("bad-gateway", status, "The backend cannot be reached");
            case 508 -> new Problem("loop-detected", status, "This request has passed too many gateways");
            case 504 -> new Problem("gateway-timeout", status, "The backend took too long");
            default ->
                status < 500
                        ? new Problem("bad-request", status, "This request cannot be served")
                        : new Problem("internal", status, "Something went wrong here");
        };
    }
}
