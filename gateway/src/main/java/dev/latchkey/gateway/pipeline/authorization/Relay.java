package dev.latchkey.gateway.pipeline.authorization;

/** How a backend learns who is calling. */
public enum Relay {
    /** By a signed token in {@code Authorization}. */
    IDENTITY,
    /** By plain headers, for backends that read no tokens: they believe anyone who can reach them. */
    HEADERS,
    NONE
}
