package dev.latchkey.gateway.listener;

import java.util.Locale;

/** Why the gateway closes a client's connection. */
enum Closing {
    /** The head of a request did not come in time. */
    HEAD_TIMEOUT,
    /** The body of a request did not come in time. */
    BODY_TIMEOUT,
    /** No request came. */
    IDLE_TIMEOUT,
    /** Bytes of an answer wait, and the client reads them too slowly. */
    SLOW_READER,
    /** The limit of connections is reached. */
    MAX_CONNECTIONS,
    /** The limit of connections of this client's address is reached. */
    MAX_CONNECTIONS_PER_ADDRESS;

    /** As in meters and logs. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
