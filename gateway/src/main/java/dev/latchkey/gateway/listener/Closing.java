package dev.latchkey.gateway.listener;

import java.util.Locale;

/** Why the gateway closes a client's connection of its own accord. */
enum Closing {
    /** The head of a request did not come in time. */
    HEAD_TIMEOUT,
    /** The body of a request did not come in time. */
    BODY_TIMEOUT,
    /** No request came. */
    IDLE_TIMEOUT,
    /** Bytes of an answer wait, and the client takes too few of them. */
    SLOW_READER,
    /** As many connections as may be are open. */
    MAX_CONNECTIONS,
    /** As many connections as may be are open to this client's address. */
    MAX_CONNECTIONS_PER_ADDRESS;

    /** As meters and log lines have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
