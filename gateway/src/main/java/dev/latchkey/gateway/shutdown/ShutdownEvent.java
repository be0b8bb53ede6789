package dev.latchkey.gateway.shutdown;

/** What a stop tells the handlers of a client connection, as a user event. */
public enum ShutdownEvent {
    /**
     * The connection is to be closed, unless an answer is under way on it: the handler that carries one keeps the event
     * and closes the connection behind the answer.
     */
    CLOSE_IF_IDLE
}
