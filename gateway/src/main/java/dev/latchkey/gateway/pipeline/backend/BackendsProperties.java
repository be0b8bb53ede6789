package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.ExchangeLimits;
import dev.latchkey.gateway.forwarder.ForwarderSettings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the gateway speaks to backends, where their routes do not say it.
 *
 * @param connectTimeout Time limit for a connection to a backend: for its address, for the connection and for the TLS
 *     handshake, each; then 502
 * @param responseTimeout Time limit for the head of a response, from when the request was sent whole; then 504
 * @param stallTimeout How long a body may stand still although the gateway would send or read on; a request's then ends
 *     with 504, and a response is broken off; a stream of server-sent events may be silent for longer
 * @param maxConnections Most connections to one backend, for each event loop (there is one for each processor, and at
 *     least four); further requests wait up to five seconds
 * @param maxIdle Most connections to one backend that are kept for later requests, for each event loop
 * @param idleTimeout How long a connection is kept without a request, or as long as the backend's {@code Keep-Alive}
 *     says if that is shorter; many servers close theirs after five seconds
 * @param maxHeadSize The largest head of a response, and the largest trailers; beyond it, 502
 * @param sslBundle Name of a bundle ({@code spring.ssl.bundle.*}) whose trust store decides which backends are trusted,
 *     instead of the platform's, and whose key and certificate are shown to backends that ask for one
 */
@ConfigurationProperties("latchkey.backends")
public record BackendsProperties(
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("60s") Duration responseTimeout,
        @DefaultValue("60s") Duration stallTimeout,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("500") int maxIdle,
        @DefaultValue("4s") Duration idleTimeout,
        @DefaultValue("32KB") DataSize maxHeadSize,
        @Nullable String sslBundle) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final long SMALLEST_HEAD = 1024;
    private static final long LARGEST_HEAD = 1024 * 1024;

    public BackendsProperties {
        between("connect-timeout", connectTimeout);
        between("response-timeout", responseTimeout);
        between("stall-timeout", stallTimeout);
        between("idle-timeout", idleTimeout);
        if (maxConnections < 1 || maxIdle < 0) {
            throw new IllegalArgumentException(
                    "latchkey.backends.max-connections must be at least 1, and latchkey.backends.max-idle at least 0");
        }
        if (maxHeadSize.toBytes() < SMALLEST_HEAD || maxHeadSize.toBytes() > LARGEST_HEAD) {
            throw new IllegalArgumentException("latchkey.backends.max-head-size must lie between 1KB and 1MB");
        }
    }

    private static void between(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.backends." + name + " must lie between 1ms and 1h");
        }
    }

    /** That of {@code sslBundle}, if there is one. */
    Optional<String> bundle() {
        return Optional.ofNullable(sslBundle);
    }

    /** What they say of pools and heads. */
    ForwarderSettings settings() {
        ForwarderSettings usual = ForwarderSettings.defaults();
        return new ForwarderSettings(
                maxConnections, maxIdle, usual.maxWaiting(), usual.maxWait(), idleTimeout, (int) maxHeadSize.toBytes());
    }

    /** The limits of a route that has none of its own. */
    public ExchangeLimits limits() {
        return new ExchangeLimits(connectTimeout, responseTimeout, stallTimeout);
    }
}
