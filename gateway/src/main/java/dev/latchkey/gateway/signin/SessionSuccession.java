package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.audit.AuditEvent.SessionRevoked;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionStore;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.TokenPair;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Signing in over a live session ends that session, for its cookies are about to be overwritten. */
@Component
final class SessionSuccession {

    private final TokenExtractor extractor;
    private final Rotation rotation;
    private final SessionStore sessions;
    private final AuditLog audit;

    SessionSuccession(TokenExtractor extractor, Rotation rotation, SessionStore sessions, AuditLog audit) {
        this.extractor = extractor;
        this.rotation = rotation;
        this.sessions = sessions;
        this.audit = audit;
    }

    /** Ends the session that the request's refresh cookies name, unless it is the new one. Trouble is no obstacle. */
    Mono<Void> end(ServerRequest request, TokenPair successor) {
        return Mono.justOrEmpty(predecessor(request))
                .filter(old -> !old.session().equals(successor.claims().session()))
                .flatMap(this::end)
                .then();
    }

    private Optional<RefreshClaims> predecessor(ServerRequest request) {
        return extractor
                .extract(request.exchange().getRequest())
                .fold(presented -> rotation.newest(presented.refreshes()), ambiguous -> Optional.empty());
    }

    private Mono<RevokeOutcome> end(RefreshClaims old) {
        RevocationReason reason = RevocationReason.SIGNED_IN_OVER;
        return sessions.revoke(old.session(), reason)
                .filter(RevokeOutcome.Revoked.class::isInstance)
                .doOnNext(outcome -> audit.record(
                        new SessionRevoked(old.subject(), old.session().publicId(), reason.word())));
    }
}
