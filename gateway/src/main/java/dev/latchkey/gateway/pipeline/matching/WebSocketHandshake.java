package dev.latchkey.gateway.pipeline.matching;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Which requests open a WebSocket (RFC 6455 section 4.1). */
public final class WebSocketHandshake {

    private static final String PROTOCOL = "websocket";

    private WebSocketHandshake() {}

    /** Decided as the framework decides it. */
    public static boolean isOpenedBy(ServerHttpRequest request) {
        return PROTOCOL.equalsIgnoreCase(request.getHeaders().getUpgrade());
    }
}
