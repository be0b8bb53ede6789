package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.audit.AuditEvent.SessionRecovered;
import dev.latchkey.gateway.audit.AuditEvent.SessionReused;
import dev.latchkey.gateway.audit.AuditEvent.SessionRevoked;
import dev.latchkey.gateway.audit.AuditEvent.StaleRefresh;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.RotateOutcome.GrantedRow;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import org.springframework.stereotype.Component;

/** Tells the audit log what a rotation found out: once a call of the script, however many requests share it. */
@Component
final class RotationAudit {

    private final AuditLog log;

    RotationAudit(AuditLog log) {
        this.log = log;
    }

    void granted(RefreshClaims claims, GrantedRow row) {
        if (row == GrantedRow.RECOVERED) {
            log.record(new SessionRecovered(claims.subject(), publicId(claims), claims.generation()));
        }
    }

    void refused(RefreshClaims claims, RefusedRow row) {
        if (row == RefusedRow.STALE) {
            log.record(new StaleRefresh(claims.subject(), publicId(claims), claims.generation()));
        }
        if (row == RefusedRow.REUSED) {
            log.record(new SessionReused(claims.subject(), publicId(claims), claims.generation()));
        }
        if (row == RefusedRow.UNREADABLE) {
            log.record(new SessionRevoked(claims.subject(), publicId(claims), RevocationReason.UNREADABLE.word()));
        }
    }

    void revoked(RefreshClaims claims, RevocationReason reason, RevokeOutcome outcome) {
        if (outcome == RevokeOutcome.REVOKED) {
            log.record(new SessionRevoked(claims.subject(), publicId(claims), reason.word()));
        }
    }

    private static PublicSessionId publicId(RefreshClaims claims) {
        return claims.session().publicId();
    }
}
