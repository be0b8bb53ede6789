package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.session.CurrentOutcome;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.user.NormalForm;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Finds out whether who signs in holds a live session of that very name already, which a stranger does not. */
@Component
final class HeldSession {

    private final TokenExtractor extractor;
    private final Rotation rotation;
    private final RedisSessionStore sessions;

    HeldSession(TokenExtractor extractor, Rotation rotation, RedisSessionStore sessions) {
        this.extractor = extractor;
        this.rotation = rotation;
        this.sessions = sessions;
    }

    /**
     * Looked up in Redis and not merely signed: an old refresh token is no live session. Nothing, too, where it is
     * away.
     */
    Mono<Optional<SessionId>> of(ServerHttpRequest request, String name) {
        return Mono.justOrEmpty(named(request, name))
                .flatMap(claims -> sessions.isCurrent(claims.session(), claims.generation())
                        .filter(CurrentOutcome.CURRENT::equals)
                        .map(current -> Optional.of(claims.session())))
                .defaultIfEmpty(Optional.empty());
    }

    private Optional<RefreshClaims> named(ServerHttpRequest request, String name) {
        return extractor
                .extract(request)
                .<Optional<RefreshClaims>>fold(
                        presented -> rotation.newest(presented.refreshes()),
                        ambiguous -> Optional.empty(),
                        Optional::empty)
                .filter(claims -> claims.subject().value().equals(NormalForm.ofName(name)));
    }
}
