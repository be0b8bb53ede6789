package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;

/** A security decision that somebody may have to explain later. No event holds a token, a password or a session id. */
public sealed interface AuditEvent {

    /** The event's stable name, for example {@code session-reused}. */
    String name();

    /** A session began. */
    record SignedIn(Subject subject, PublicSessionId session, String address) implements AuditEvent {
        @Override
        public String name() {
            return "signed-in";
        }
    }

    /**
     * A sign-in was refused.
     *
     * @param reason {@code credentials} or {@code attempts}
     */
    record SignInRefused(String reason, String address) implements AuditEvent {
        @Override
        public String name() {
            return "sign-in-refused";
        }
    }

    /** A session was ended before its time. */
    record SessionRevoked(Subject subject, PublicSessionId session, String reason) implements AuditEvent {
        @Override
        public String name() {
            return "session-revoked";
        }
    }

    /** All sessions of a user were ended. */
    record UserRevoked(Subject subject, String reason) implements AuditEvent {
        @Override
        public String name() {
            return "user-revoked";
        }
    }

    /** An old refresh token was presented and forgiven once. */
    record StaleRefresh(Subject subject, PublicSessionId session, Generation presented) implements AuditEvent {
        @Override
        public String name() {
            return "refresh-stale";
        }
    }

    /** An old refresh token was presented again: two parties hold this session, and it was revoked. */
    record SessionReused(Subject subject, PublicSessionId session, Generation presented) implements AuditEvent {
        @Override
        public String name() {
            return "session-reused";
        }
    }

    /** Redis had lost acknowledged writes; the session went on with the newer generation. */
    record SessionRecovered(Subject subject, PublicSessionId session, Generation presented) implements AuditEvent {
        @Override
        public String name() {
            return "session-recovered";
        }
    }
}
