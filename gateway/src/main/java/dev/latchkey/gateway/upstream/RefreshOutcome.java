package dev.latchkey.gateway.upstream;

/** What came of asking a provider for new tokens of a session. */
enum RefreshOutcome {
    /** New tokens are held. */
    STORED,
    /** There was no need. */
    FRESH,
    /** Another node asks, or may have asked. */
    HELD,
    /** It is too early after trouble. */
    BACKOFF,
    /** The session has ended, or there is nothing to ask with. */
    GONE,
    /** The provider refused, and the session was ended. */
    REFUSED,
    /** The tokens are lost; the session does not rotate any more. */
    LAPSED,
    /** The ID token was not the provider's, and the session was ended. */
    FORGED,
    /** The provider refuses this gateway, and no session ends because of that. */
    OURS,
    /** The provider says that it cannot answer now. */
    TROUBLE,
    /** Nobody knows what became of the call. */
    UNKNOWN,
    /** Nothing was sent. */
    UNSENT,
    /** This node has too many calls in flight, or stops. */
    BUSY,
    /** Redis did not answer. */
    UNAVAILABLE
}
