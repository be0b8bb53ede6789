package dev.latchkey.gateway.pipeline.matching;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Which requests become WebSockets (RFC 6455 section 4.1); all others are calls, whatever else they want to be. */
public final class WebSocketHandshake {

    private static final String PROTOCOL = "websocket";

    private WebSocketHandshake() {}

    /** Whether it opens one, as the framework decides it, too. */
    public static boolean isOpenedBy(ServerHttpRequest request) {
        return PROTOCOL.equalsIgnoreCase(request.getHeaders().getUpgrade());
    }
}
