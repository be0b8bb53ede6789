package dev.latchkey.gateway.pipeline.authorization;

/** How a backend is told who is calling. */
public enum Relay {
    /** By a signed token in {@code Authorization}. */
    IDENTITY,
    /** By plain headers, for backends that read no tokens: they believe whoever can reach them. */
    HEADERS,
    /** Not at all. */
    NONE
}
