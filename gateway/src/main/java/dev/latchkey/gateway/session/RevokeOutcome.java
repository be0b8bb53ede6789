package dev.latchkey.gateway.session;

/** What came of ending a session. */
public enum RevokeOutcome {
    /** It is ended, now or before. */
    REVOKED,
    /** The user has no such session. */
    NOT_FOUND,
    /** Redis did not answer: it may live on. */
    UNAVAILABLE
}
