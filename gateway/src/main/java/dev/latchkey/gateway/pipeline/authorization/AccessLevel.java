package dev.latchkey.gateway.pipeline.authorization;

/** Who may enter a route; written on every route, there is no default. */
public enum AccessLevel {
    /** Everybody; nothing is verified. */
    PUBLIC,
    /** Everybody; who is signed in is made known to the backend. */
    OPTIONAL,
    /** Who is signed in. */
    REQUIRED
}
