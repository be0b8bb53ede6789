package dev.latchkey.gateway.routes.definition.action;

/** Which {@code Host} the backend gets (RFC 9110 section 7.2). */
public enum HostHeader {

    /** That of its own address. */
    BACKEND,

    /** The client's, as it was sent. */
    KEEP
}
