package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Sign-in of native apps by a code that an OpenID Provider gave them (RFC 8252). */
public interface CodeTokens {

    /** Whether any provider has a client for native apps. */
    boolean isOffered();

    /**
     * The tokens of a new session, or an error.
     *
     * @param key that the app proved to hold, to which the tokens are bound
     */
    Mono<ServerResponse> token(ServerRequest request, RequestBody body, Optional<KeyThumbprint> key);
}
