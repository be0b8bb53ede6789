package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RedisSessionStore.CurrentOutcome;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Attempt;
import dev.latchkey.gateway.token.RefreshClaims;
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
    private final Rotation rotation;
    private final RedisSessionStore sessions;
    private final RequestingClient clients;

    PresentedCredentials(
            SessionStarter starter,
            TokenExtractor extractor,
            Rotation rotation,
            RedisSessionStore sessions,
            RequestingClient clients) {
        this.starter = starter;
        this.extractor = extractor;
        this.rotation = rotation;
        this.sessions = sessions;
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
     * A live session of this very name, which a stranger does not hold. It is looked up in Redis, because a signed
     * refresh token alone may be an old one; none if Redis is away, or if the request's proof was for a new session.
     */
    private Mono<Optional<SessionId>> heldSession(ServerHttpRequest request, String name) {
        return Mono.justOrEmpty(named(request, name))
                .flatMap(claims -> sessions.isCurrent(claims.session(), claims.generation())
                        .filter(CurrentOutcome.CURRENT::equals)
                        .map(current -> Optional.of(claims.session())))
                .defaultIfEmpty(Optional.empty());
    }

    private Optional<RefreshClaims> named(ServerHttpRequest request, String name) {
        return extractor
                .extract(new SpringRequestHead(request))
                .<Optional<RefreshClaims>>fold(
                        presented -> presented.proof().isPresent() ? Optional.empty() : rotation.newest(presented),
                        ambiguous -> Optional.empty())
                .filter(claims -> claims.subject().value().equals(NormalForm.ofName(name)));
    }
}
