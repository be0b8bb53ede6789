package dev.latchkey.gateway.pipeline.authorization;

/** What a backend gets of a user. */
public enum Relay {
    /** By a signed token in {@code Authorization}. */
    IDENTITY,
    /** The access token that the user's OpenID Provider gave the gateway, in {@code Authorization}. */
    ACCESS_TOKEN,
    /** By plain headers, for backends that read no tokens: they believe anyone who can reach them. */
    HEADERS,
    NONE
}
