package dev.latchkey.gateway.token;

/** A token with which requests leave for a backend. Its {@code toString} never shows it. */
public interface BackendToken {

    /** The token behind its scheme (RFC 6750 section 2.1), as each request to the backend has it. */
    String credentials();
}
