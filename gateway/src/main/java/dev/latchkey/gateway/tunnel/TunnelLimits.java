package dev.latchkey.gateway.tunnel;

import java.time.Duration;

/**
 * How long a WebSocket may be open.
 *
 * @param idle without a byte from either side
 * @param whole from its handshake
 */
public record TunnelLimits(Duration idle, Duration whole) {}
