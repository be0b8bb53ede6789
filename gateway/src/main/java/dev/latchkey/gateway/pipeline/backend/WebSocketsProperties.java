package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.tunnel.TunnelLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long WebSockets may be open; at either limit they are closed with 1001.
 *
 * @param idleTimeout How long a WebSocket may be silent in both directions, 1s to 30d; pings count
 * @param maxDuration How long a WebSocket may be open in all, 1s to 30d; one of a signed-in user ends with the session
 *     at the latest
 */
@ConfigurationProperties("latchkey.web-sockets")
record WebSocketsProperties(
        @DefaultValue("1h") Duration idleTimeout,
        @DefaultValue("24h") Duration maxDuration) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    WebSocketsProperties {
        between("idle-timeout", idleTimeout);
        between("max-duration", maxDuration);
    }

    private static void between(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.web-sockets." + name + " must lie between 1s and 30d");
        }
    }

    TunnelLimits limits() {
        return new TunnelLimits(idleTimeout, maxDuration);
    }
}
