package dev.latchkey.gateway.provider;

/** Which of the gateway's two clients at a provider something belongs to (RFC 6749 section 2.1). */
public enum ClientType {
    /** The gateway itself, which proves who it is: for browsers. */
    CONFIDENTIAL,
    /** The native apps of its users, which can keep no secret (RFC 8252 section 8.4). */
    PUBLIC
}
