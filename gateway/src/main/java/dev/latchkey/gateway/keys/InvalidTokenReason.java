package dev.latchkey.gateway.keys;

/** Why a token is not believed; for audit and metrics, never for the answer. */
public enum InvalidTokenReason {
    /** Not a signed JWT at all, cut off, or longer than the gateway reads. */
    MALFORMED,
    /** An algorithm or a key that is not on the list. */
    FOREIGN_KEY,
    /** The signature does not fit. */
    SIGNATURE,
    /** Another kind of token: {@code typ} says so (RFC 8725 section 3.11). */
    TYPE,
    /** Another issuer or audience. */
    ISSUER_OR_AUDIENCE,
    /** Signed by us, and still without a claim it must have. */
    CLAIMS
}
