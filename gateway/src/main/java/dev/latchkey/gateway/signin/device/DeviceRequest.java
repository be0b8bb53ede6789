package dev.latchkey.gateway.signin.device;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.proof.ProofJwt;
import dev.latchkey.gateway.token.RefreshClaims;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What a browser sends to bind a session or to renew it.
 *
 * @param presented its cookies
 * @param session what the newest of its refresh tokens says; empty if it has none that was made here and goes on
 * @param proof the JWT of {@code Secure-Session-Response}, as it came
 * @param named the public id of the session that it means; empty if it says none, or more than one
 */
record DeviceRequest(
        PresentedTokens presented, Optional<RefreshClaims> session, Optional<String> proof, Optional<String> named) {

    private static final String PROOF = "Secure-Session-Response";
    private static final String SESSION = "Sec-Secure-Session-Id";

    /** Reads the proof, without believing it. */
    Optional<ProofJwt> read() {
        return proof.flatMap(text -> ProofJwt.read(text, "dbsc+jwt").fold(Optional::of, why -> Optional.empty()));
    }

    /** Reads requests. */
    @Component
    static final class Reader {

        private final TokenExtractor extractor;
        private final Rotation rotation;

        Reader(TokenExtractor extractor, Rotation rotation) {
            this.extractor = extractor;
            this.rotation = rotation;
        }

        /** A failure is a 400: cookies came twice. Tokens in headers are a program's, which has no device. */
        Result<DeviceRequest> read(ServerRequest request) {
            return extractor
                    .extract(new SpringRequestHead(request.exchange().getRequest()))
                    .fold(presented -> new Result.Success<>(of(request, presented)), Result.Failure::new);
        }

        private DeviceRequest of(ServerRequest request, PresentedTokens presented) {
            return new DeviceRequest(
                    presented,
                    presented.fromCookies() ? rotation.newest(presented) : Optional.empty(),
                    text(request, PROOF),
                    text(request, SESSION));
        }

        /** A string of structured fields (RFC 9651 section 3.3.3), or, as in drafts before, the bare text. */
        private static Optional<String> text(ServerRequest request, String name) {
            List<String> values = request.headers().header(name);
            if (values.size() != 1) {
                return Optional.empty();
            }
            String value = values.get(0).strip();
            boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
            return Optional.of(isQuoted ? value.substring(1, value.length() - 1) : value);
        }
    }

    /** Shows nothing that opens something. */
    @Override
    public String toString() {
        return "DeviceRequest";
    }
}
