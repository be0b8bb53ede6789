package dev.latchkey.gateway.session;

/** Durations that are fine one by one and cannot be together; the message is one sentence that names them. */
final class LifetimesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LifetimesException(String message) {
        super(message);
    }
}
