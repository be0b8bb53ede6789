package dev.latchkey.gateway.pipeline.authorization;

/** Who may enter a route; every route states it, there is no default. */
public enum AccessLevel {
    /** Anyone; no token is verified. */
    PUBLIC,
    /** Anyone; the backend learns which user is signed in. */
    OPTIONAL,
    /** Signed-in users. */
    REQUIRED
}
