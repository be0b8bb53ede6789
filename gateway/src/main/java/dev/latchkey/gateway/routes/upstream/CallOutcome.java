package dev.latchkey.gateway.routes.upstream;

import dev.latchkey.gateway.forwarder.BackendFailure;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import reactor.core.publisher.Mono;

/**
 * The outcome of one attempt to reach a backend.
 *
 * @param failure why there is no answer; nothing once the head of an answer is there
 * @param cause why it may be tried again; nothing where the backend is well or had no part in it
 */
record CallOutcome(Optional<Throwable> failure, Optional<RetryRule.Cause> cause) {

    private static final CallOutcome GOOD = new CallOutcome(Optional.empty(), Optional.empty());

    static CallOutcome of(@Nullable HttpStatusCode status) {
        return of(status == null ? 0 : status.value());
    }

    static CallOutcome of(int status) {
        return switch (status) {
            case 502 -> bad(RetryRule.Cause.BAD_GATEWAY);
            case 503 -> bad(RetryRule.Cause.UNAVAILABLE);
            case 504 -> bad(RetryRule.Cause.TIMEOUT);
            default -> GOOD;
        };
    }

    private static CallOutcome bad(RetryRule.Cause cause) {
        return new CallOutcome(Optional.empty(), Optional.of(cause));
    }

    static CallOutcome of(Throwable failure) {
        return new CallOutcome(Optional.of(failure), causeOf(failure));
    }

    private static Optional<RetryRule.Cause> causeOf(Throwable failure) {
        if (failure instanceof BackendFailure known) {
            return causeOf(known.kind());
        }
        return failure instanceof IOException ? Optional.of(RetryRule.Cause.BAD_GATEWAY) : Optional.empty();
    }

    /** None where the client broke off the body of its request, or this node is at fault. */
    private static Optional<RetryRule.Cause> causeOf(BackendFailure.Kind kind) {
        return switch (kind) {
            case EXHAUSTED, CONNECT, CONNECT_TIMEOUT, TLS -> Optional.of(RetryRule.Cause.CONNECT);
            case CLOSED, UNDECODABLE -> Optional.of(RetryRule.Cause.BAD_GATEWAY);
            case WAIT_TIMEOUT, HEAD_TIMEOUT, STALLED -> Optional.of(RetryRule.Cause.TIMEOUT);
            case REQUEST_BODY, FAULT -> Optional.empty();
        };
    }

    /**
     * Whether the backend is to blame, and not only the gateway's own bound: that all connections to it are in use,
     * another request may find otherwise, and so may this one at another backend.
     */
    boolean isFaultOfBackend() {
        boolean isOwnBound = failure.isPresent()
                && failure.get() instanceof BackendFailure known
                && (known.kind() == BackendFailure.Kind.EXHAUSTED || known.kind() == BackendFailure.Kind.WAIT_TIMEOUT);
        return cause.isPresent() && !isOwnBound;
    }

    boolean isAnswer() {
        return failure.isEmpty();
    }

    /** How the request goes on if it is not tried again. */
    Mono<Void> end() {
        return failure.<Mono<Void>>map(Mono::error).orElse(Mono.empty());
    }
}
