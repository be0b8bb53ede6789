package dev.latchkey.gateway.routes.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** What came of one attempt to reach a backend. */
sealed interface CallOutcome {

    /** What is wrong with it, as a backend's failure; nothing where the backend is well or had no part in it. */
    Optional<RetryCause> cause();

    /** Whether the backend answered. */
    boolean isAnswer();

    /** How the request goes on where it is not tried again. */
    Mono<Void> end();

    static CallOutcome of(@Nullable HttpStatusCode status) {
        return new Answered(status == null ? 0 : status.value());
    }

    static CallOutcome of(Throwable failure) {
        return new Failed(failure);
    }

    /** The head of an answer is there. */
    record Answered(int status) implements CallOutcome {

        @Override
        public Optional<RetryCause> cause() {
            return switch (status) {
                case 502 -> Optional.of(RetryCause.BAD_GATEWAY);
                case 503 -> Optional.of(RetryCause.UNAVAILABLE);
                case 504 -> Optional.of(RetryCause.TIMEOUT);
                default -> Optional.empty();
            };
        }

        @Override
        public boolean isAnswer() {
            return true;
        }

        @Override
        public Mono<Void> end() {
            return Mono.empty();
        }
    }

    /** There is no answer. */
    record Failed(Throwable failure) implements CallOutcome {

        @Override
        public Optional<RetryCause> cause() {
            if (isConnecting()) {
                return Optional.of(RetryCause.CONNECT);
            }
            if (failure instanceof TimeoutException || isStatus(504)) {
                return Optional.of(RetryCause.TIMEOUT);
            }
            return failure instanceof IOException || failure instanceof AbortedException
                    ? Optional.of(RetryCause.BAD_GATEWAY)
                    : Optional.empty();
        }

        private boolean isConnecting() {
            return failure instanceof ConnectException
                    || failure instanceof NoRouteToHostException
                    || failure instanceof UnknownHostException
                    || failure instanceof SSLHandshakeException;
        }

        private boolean isStatus(int status) {
            return failure instanceof ResponseStatusException known
                    && known.getStatusCode().value() == status;
        }

        @Override
        public boolean isAnswer() {
            return false;
        }

        @Override
        public Mono<Void> end() {
            return Mono.error(failure);
        }
    }
}
