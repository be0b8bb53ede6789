package dev.latchkey.gateway.forwarder;

/** How far a connection to a backend has come with its exchange. */
enum ConnectionState {
    CONNECTING,
    /** Nothing was asked. */
    IDLE,
    /** A request was begun, and no final answer has come. */
    ASKED,
    /** In an interim answer. */
    INTERIM,
    /** The head of the final answer has come. */
    ANSWERING,
    /** So has its end, which is passed on once everything is decoded that was read with it. */
    ENDED,
    /** Closed, or another's. */
    CLOSED
}
