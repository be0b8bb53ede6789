package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.session.RotateOutcome;
import dev.latchkey.gateway.session.RotateOutcome.Granted;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What the audit log gets to know of rotations beside {@code session-revoked}: at most one event each. */
@Component
final class RotationAudit {

    private final AuditLog audit;
    private final RepeatedEvents repeated;

    RotationAudit(AuditLog audit, RepeatedEvents repeated) {
        this.audit = audit;
        this.repeated = repeated;
    }

    /** Most that are granted are nothing to tell. */
    void granted(RefreshClaims presented, Granted granted) {
        event(presented, granted).ifPresent(audit::record);
    }

    private static Optional<AuditEvent> event(RefreshClaims presented, Granted granted) {
        Subject subject = presented.subject();
        return switch (granted.row()) {
            case RECOVERED -> Optional.of(AuditEvent.sessionRecovered(subject, id(presented), presented.generation()));
            case RELEASED -> Optional.of(AuditEvent.sessionReleased(subject, id(presented)));
            case BOUND -> Optional.of(AuditEvent.sessionBound(subject, id(presented)));
            case REBOUND -> Optional.of(AuditEvent.sessionRebound(subject, id(presented)));
            case ROTATED, REPLAYED, FORCED -> Optional.empty();
        };
    }

    void refused(RefreshClaims presented, RotateOutcome.Refused refused, RotationCause cause) {
        switch (refused.row()) {
            case STALE ->
                repeated.record(AuditEvent.staleRefresh(presented.subject(), id(presented), presented.generation()));
            case REUSED ->
                audit.record(AuditEvent.sessionReused(presented.subject(), id(presented), presented.generation()));
            case UNPROVEN -> unproven(presented, cause);
            // The line of its end has the reason.
            case UNREADABLE -> {}
            default -> repeat(presented, refused.reason().orElseGet(refused.row()::word));
        }
    }

    /** A device that proved itself by an old challenge only signs the next. */
    private void unproven(RefreshClaims presented, RotationCause cause) {
        if (cause != RotationCause.PROVEN) {
            repeated.record(AuditEvent.proofMissing(presented.subject(), id(presented)));
        }
    }

    /** A refresh token has expired, as its session has. */
    void expired(RefreshClaims presented) {
        repeat(presented, RefusedRow.EXPIRED.word());
    }

    private void repeat(RefreshClaims presented, String reason) {
        repeated.record(AuditEvent.refreshRefused(presented.subject(), id(presented), reason));
    }

    private static PublicSessionId id(RefreshClaims presented) {
        return presented.session().publicId();
    }
}
