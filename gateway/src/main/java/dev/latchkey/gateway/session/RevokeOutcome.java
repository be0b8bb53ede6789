package dev.latchkey.gateway.session;

/** What came of ending a session. */
public enum RevokeOutcome {
    /** It is ended, now or before. */
    REVOKED,
    /** The user has no such session. */
    NOT_FOUND,
    /** It is bound to a device, which has to prove itself first; nothing was changed. */
    UNPROVEN,
    /** Redis did not answer: it may live on. */
    UNAVAILABLE
}
