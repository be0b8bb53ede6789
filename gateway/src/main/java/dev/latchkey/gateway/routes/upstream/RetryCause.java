package dev.latchkey.gateway.routes.upstream;

/** Failures after which a request may be tried again. */
public enum RetryCause {
    /** No connection could be made, so the backend has seen nothing. */
    CONNECT,
    /** The backend, or a proxy before it, answered 502, or the connection broke before an answer. */
    BAD_GATEWAY,
    /** The backend answered 503. */
    UNAVAILABLE,
    /** The backend answered 504, or not in time. */
    TIMEOUT
}
