package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditEvent.SessionRevoked;
import dev.latchkey.gateway.audit.AuditEvent.SignOutRefused;
import dev.latchkey.gateway.audit.AuditEvent.UserRevoked;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.Locale;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Ends sessions at the wish of their users, and records what has been ended. */
@Component
final class Revocations {

    private final SessionRevoker revoker;
    private final AuditLog audit;

    Revocations(SessionRevoker revoker, AuditLog audit) {
        this.revoker = revoker;
        this.audit = audit;
    }

    Mono<RevokeOutcome> revoke(Subject subject, SessionId session, RevocationReason reason) {
        return recorded(
                revoker.revoke(session, reason), new SessionRevoked(subject, session.publicId(), reason.word()));
    }

    /** By a refresh token, which must still be good for a rotation; else {@link RevokeOutcome#NOT_FOUND}. */
    Mono<RevokeOutcome> signOut(RefreshClaims presented, RevocationReason reason) {
        return revoker.signOut(presented, reason)
                .map(outcome -> outcome.fold(
                        () -> ended(presented, reason),
                        row -> refused(presented, row),
                        () -> RevokeOutcome.UNAVAILABLE));
    }

    private RevokeOutcome ended(RefreshClaims presented, RevocationReason reason) {
        audit.record(new SessionRevoked(presented.subject(), presented.session().publicId(), reason.word()));
        return RevokeOutcome.REVOKED;
    }

    private RevokeOutcome refused(RefreshClaims presented, RefusedRow row) {
        unproven(presented.subject(), presented.session(), row.name().toLowerCase(Locale.ROOT));
        return RevokeOutcome.NOT_FOUND;
    }

    /** Records that somebody came to end a session with a token that does not prove it to be his. */
    void unproven(Subject subject, SessionId session, String reason) {
        audit.record(new SignOutRefused(subject, session.publicId(), reason));
    }

    /** One that the user picked from a list. */
    Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason) {
        return recorded(
                revoker.revokeOwn(subject, session, reason), new SessionRevoked(subject, session, reason.word()));
    }

    Mono<RevokeOutcome> revokeAll(Subject subject, RevocationReason reason) {
        return recorded(revoker.revokeAll(subject, reason), new UserRevoked(subject, reason.word()));
    }

    private Mono<RevokeOutcome> recorded(Mono<RevokeOutcome> revocation, AuditEvent event) {
        return revocation.doOnNext(outcome -> {
            if (outcome == RevokeOutcome.REVOKED) {
                audit.record(event);
            }
        });
    }
}
