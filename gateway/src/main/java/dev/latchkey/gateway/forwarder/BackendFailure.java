package dev.latchkey.gateway.forwarder;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why an exchange with a backend has no whole answer. Without a stack trace: it says nothing about this code. */
public final class BackendFailure extends IOException {

    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = LoggerFactory.getLogger(BackendFailure.class);

    private final Kind kind;

    BackendFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** This node has one, and the exchange was cancelled. */
    public static BackendFailure fault(String message, Throwable cause) {
        return new BackendFailure(Kind.FAULT, message, cause);
    }

    /** If the listener throws, there is nobody left to be told. */
    void tell(BackendListener listener) {
        try {
            listener.failed(this);
        } catch (RuntimeException | Error fault) {
            LOGGER.error("The failure of an exchange with a backend could not be passed on", fault);
        }
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    /** What happened. */
    public enum Kind {
        /** All connections are in use, and as many requests wait as may, or this one has waited too long. */
        EXHAUSTED,
        /** All connections were in use until the time for the head of the answer was over. */
        WAIT_TIMEOUT,
        /** The name has no address, or nobody answers there. */
        CONNECT,
        /** The time for connecting is over. */
        CONNECT_TIMEOUT,
        /** There is no TLS connection: no handshake, or a certificate that is not trusted or not the host's. */
        TLS,
        /** The body of the request has another length than its head states; the backend had no part in it. */
        REQUEST_BODY,
        /** This node has a fault, and its log says which; the backend had no part in it. */
        FAULT,
        /** The connection ended before the answer did. */
        CLOSED,
        /** What came is not an answer, or not one to this request. */
        UNDECODABLE,
        /** No head of an answer came in time. */
        HEAD_TIMEOUT,
        /** A body stood still for too long, in one direction or the other. */
        STALLED
    }
}
