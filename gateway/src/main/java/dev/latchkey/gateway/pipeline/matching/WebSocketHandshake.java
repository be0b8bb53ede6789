package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.http.HeaderFields;

/** Which requests open a WebSocket (RFC 6455 section 4.1). */
public final class WebSocketHandshake {

    private static final String PROTOCOL = "websocket";

    private WebSocketHandshake() {}

    /** Decided as the framework decides it. */
    public static boolean isOpenedBy(HeaderFields request) {
        return PROTOCOL.equalsIgnoreCase(request.first("Upgrade"));
    }
}
