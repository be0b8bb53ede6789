package dev.latchkey.gateway.keys;

/** Why a token is invalid; for audit and metrics, never for the response. */
public enum InvalidTokenReason {
    /** Not a signed JWT, cut off, or longer than the gateway reads. */
    MALFORMED,
    /** An algorithm or a key that the gateway does not use. */
    FOREIGN_KEY,
    /** The signature does not match. */
    SIGNATURE,
    /** Another kind of token: {@code typ} says so (RFC 8725 section 3.11). */
    TYPE,
    /** Another issuer or audience. */
    ISSUER_OR_AUDIENCE,
    /** Signed by the gateway, but a required claim is missing or malformed. */
    CLAIMS
}
