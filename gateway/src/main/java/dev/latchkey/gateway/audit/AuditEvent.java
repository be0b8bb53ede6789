package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.List;

/** A security decision that may have to be explained later. No event holds a token, a password or a session id. */
public sealed interface AuditEvent {

    Entry entry();

    /** The event's stable name, for example {@code session-reused}. */
    default String name() {
        return entry().name();
    }

    /**
     * A line of the audit log.
     *
     * @param facts what the event is about, by stable names, in the order in which a person reads it
     */
    record Entry(String name, List<Fact> facts) {

        private Entry(String name, Fact... facts) {
            this(name, List.of(facts));
        }
    }

    /** One thing that an event says. */
    record Fact(String name, String value) {

        private static Fact of(Subject subject) {
            return new Fact("subject", subject.value());
        }

        private static Fact of(PublicSessionId session) {
            return new Fact("session", session.value());
        }

        private static Fact of(Generation presented) {
            return new Fact("generation", Integer.toString(presented.number()));
        }

        private static Fact ofReason(String reason) {
            return new Fact("reason", reason);
        }

        private static Fact ofAddress(String address) {
            return new Fact("address", address);
        }
    }

    /** A session began. */
    record SignedIn(Subject subject, PublicSessionId session, String address) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("signed-in", Fact.of(subject), Fact.of(session), Fact.ofAddress(address));
        }
    }

    /**
     * A sign-in was refused.
     *
     * @param reason {@code credentials} or {@code attempts}
     */
    record SignInRefused(String reason, String address) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("sign-in-refused", Fact.ofReason(reason), Fact.ofAddress(address));
        }
    }

    /**
     * A client tried to sign out, or to sign in over a session, by a token that does not prove the session to be
     * theirs; it was left as it is.
     *
     * @param reason {@code stale}, {@code revoked}, {@code expired}, {@code unknown}, or {@code access-token} if that
     *     was all, and not accepted
     */
    record SignOutRefused(Subject subject, PublicSessionId session, String reason) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("sign-out-refused", Fact.of(subject), Fact.of(session), Fact.ofReason(reason));
        }
    }

    /** A session was ended before its time. */
    record SessionRevoked(Subject subject, PublicSessionId session, String reason) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("session-revoked", Fact.of(subject), Fact.of(session), Fact.ofReason(reason));
        }
    }

    /** All sessions of a user were ended. */
    record UserRevoked(Subject subject, String reason) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("user-revoked", Fact.of(subject), Fact.ofReason(reason));
        }
    }

    /** An old refresh token was presented and tolerated once. */
    record StaleRefresh(Subject subject, PublicSessionId session, Generation presented) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("refresh-stale", Fact.of(subject), Fact.of(session), Fact.of(presented));
        }
    }

    /** An old refresh token was presented again: two parties hold this session, and it was revoked. */
    record SessionReused(Subject subject, PublicSessionId session, Generation presented) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("session-reused", Fact.of(subject), Fact.of(session), Fact.of(presented));
        }
    }

    /** Redis had lost acknowledged writes; the session went on with the newer generation. */
    record SessionRecovered(Subject subject, PublicSessionId session, Generation presented) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("session-recovered", Fact.of(subject), Fact.of(session), Fact.of(presented));
        }
    }

    /**
     * Other routes are active than before.
     *
     * @param before the version before
     * @param after the active version
     */
    record RoutesChanged(String before, String after) implements AuditEvent {
        @Override
        public Entry entry() {
            return new Entry("routes-changed", new Fact("before", before), new Fact("after", after));
        }
    }
}
