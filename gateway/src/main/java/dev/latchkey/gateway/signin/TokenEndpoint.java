package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenPair;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Sign-in for clients without cookies: the tokens come in the body (RFC 6749 section 5.1, in our spelling). */
@Component
final class TokenEndpoint {

    private final PresentedCredentials presented;
    private final AuthResponses authResponses;

    TokenEndpoint(PresentedCredentials presented, AuthResponses authResponses) {
        this.presented = presented;
        this.authResponses = authResponses;
    }

    Mono<ServerResponse> submit(ServerRequest request) {
        return RequestBody.json(request.exchange().getRequest())
                .flatMap(body -> presented.start(request, body))
                .flatMap(outcome -> outcome.fold(
                        pair -> authResponses.json(tokens(pair, new RefreshToken(""))),
                        problem -> authResponses.problem(request, problem)));
    }

    /**
     * The body that hands out tokens.
     *
     * @param presented what the client holds already, for where no new refresh token was made
     */
    static Map<String, Object> tokens(TokenPair pair, RefreshToken presented) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accessToken", pair.access().value());
        body.put("refreshToken", pair.refresh().orElse(presented).value());
        body.put(
                "expiresIn",
                Duration.between(pair.claims().issuedAt(), pair.claims().expiresAt())
                        .toSeconds());
        body.put("tokenType", "Bearer");
        return body;
    }
}
