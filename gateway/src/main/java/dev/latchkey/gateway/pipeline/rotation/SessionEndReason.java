package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Unproven;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RotateOutcome.Refused;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.SessionId;
import java.util.Optional;

/**
 * Why a session has ended, as far as a caller with its refresh token may know. That may be a thief: nobody is told that
 * a replay was detected, or what an operator or a users directory has decided. The audit log and operators are told.
 */
public enum SessionEndReason {
    /** It was idle for too long, or has reached its absolute end. */
    EXPIRED("expired"),
    /** Its user has ended it, here or on another device, or their OpenID Provider has. */
    ENDED_ELSEWHERE("ended-elsewhere"),
    /** Another session of the same user has taken its place. */
    REPLACED("replaced"),
    /** It was ended without its user. */
    REVOKED("revoked");

    private final String word;

    SessionEndReason(String word) {
        this.word = word;
    }

    /** As it stands in answers. */
    public String word() {
        return word;
    }

    static SessionEndReason of(RevocationReason reason) {
        return switch (reason) {
            case SIGNED_OUT, SIGNED_OUT_EVERYWHERE, ENDED_BY_OWNER, PASSWORD_CHANGED, UPSTREAM -> ENDED_ELSEWHERE;
            case SIGNED_IN_OVER, TOO_MANY -> REPLACED;
            case REUSED,
                    USER_GONE,
                    USER_DISABLED,
                    CREDENTIALS_CHANGED,
                    SIGN_IN_FAILED,
                    ENDED_BY_OPERATOR,
                    USER_ERASED,
                    UNREADABLE,
                    RESTORED -> REVOKED;
        };
    }

    /** Empty for a session that may live on, and for one of which nobody knows. */
    static Optional<SessionEndReason> of(Refused refused) {
        return switch (refused.row()) {
            case IDLE, EXPIRED -> Optional.of(EXPIRED);
            case REVOKED ->
                Optional.of(refused.reason()
                        .flatMap(RevocationReason::of)
                        .map(SessionEndReason::of)
                        .orElse(REVOKED));
            case REUSED, UNREADABLE -> Optional.of(REVOKED);
            case STALE, LAPSED, UNKNOWN, UNPROVEN -> Optional.empty();
        };
    }

    /** What a rotation comes to that the session's record or what is left of it refuses. */
    static RotationOutcome.Refused outcome(SessionId session, Refused refused) {
        return refused.row() == RefusedRow.LAPSED
                ? RotationOutcome.Refused.LAPSED
                : new RotationOutcome.Refused(
                        false, of(refused), refused.current().map(current -> new Unproven(session, current)));
    }
}
