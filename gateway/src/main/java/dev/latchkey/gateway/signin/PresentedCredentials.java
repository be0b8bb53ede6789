package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authentication.SessionLook;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus.SignedIn;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Attempt;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import dev.latchkey.gateway.user.NormalForm;
import dev.latchkey.gateway.user.Password;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** From a sign-in request to a session: the claimed name, the client's address and device, and the session it holds. */
@Component
final class PresentedCredentials {

    private final SessionStarter starter;
    private final TokenExtractor extractor;
    private final SessionLook look;
    private final RequestingClient clients;

    PresentedCredentials(SessionStarter starter, TokenExtractor extractor, SessionLook look, RequestingClient clients) {
        this.starter = starter;
        this.extractor = extractor;
        this.look = look;
        this.clients = clients;
    }

    Mono<Result<TokenPair>> start(ServerRequest request, RequestBody body) {
        return start(request, body, Optional.empty());
    }

    /** @param key that the client proved to hold, to which the tokens are bound */
    Mono<Result<TokenPair>> start(ServerRequest request, RequestBody body, Optional<KeyThumbprint> key) {
        Optional<String> name = body.field("username");
        Optional<String> password = body.field("password");
        if (name.isEmpty() || password.isEmpty()) {
            return Mono.just(new Result.Failure<>(Problem.malformed("A username and a password are needed")));
        }
        ServerHttpRequest raw = request.exchange().getRequest();
        ClientFacts client = clients.of(raw, key);
        return heldSession(raw, name.get())
                .map(session -> new Attempt(name.get(), client.address(), session))
                .flatMap(attempt -> starter.start(attempt, new Password(password.get()), client));
    }

    /**
     * A live session of this very name, which a stranger does not hold: one whose access token is accepted, or whose
     * refresh token would be rotated now, which that of a session bound to a device or an old one is not. None if Redis
     * is away, or if the request's proof was for a new session.
     */
    private Mono<Optional<SessionId>> heldSession(ServerHttpRequest request, String name) {
        SpringRequestHead head = new SpringRequestHead(request);
        return extractor.proof(head).isPresent()
                ? Mono.just(Optional.empty())
                : look.look(head).map(status -> held(status, NormalForm.ofName(name)));
    }

    private static Optional<SessionId> held(SessionStatus status, String name) {
        return status instanceof SignedIn signedIn
                        && signedIn.live().isPresent()
                        && signedIn.subject().value().equals(name)
                ? Optional.of(signedIn.session())
                : Optional.empty();
    }
}
