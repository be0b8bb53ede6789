package dev.latchkey.gateway.forwarder;

import java.time.Duration;

/**
 * Bounds of all pools and answers. The counts hold for each event loop and endpoint.
 *
 * @param maxConnections connections, in use or idle
 * @param maxIdle connections that are kept for the next request
 * @param maxWaiting requests that wait for a connection
 * @param maxWait how long one of them may wait
 * @param idleTimeout how long an idle connection is kept; less if the backend's Keep-Alive header says so
 * @param maxHeadSize bytes of the head of an answer, and of its trailers
 */
public record ForwarderSettings(
        int maxConnections, int maxIdle, int maxWaiting, Duration maxWait, Duration idleTimeout, int maxHeadSize) {

    public ForwarderSettings {
        if (maxConnections < 1 || maxIdle < 0 || maxWaiting < 0 || maxHeadSize < 1) {
            throw new IllegalArgumentException("out of range");
        }
    }
}
