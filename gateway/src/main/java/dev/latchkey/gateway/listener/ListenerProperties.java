package dev.latchkey.gateway.listener;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * How long the gateway waits for its clients, and how many of them it serves at once. How large the first line and the
 * head of a request may be, Spring Boot's own {@code server} properties say.
 *
 * @param headTimeout Time limit for the head of a request, from its first byte
 * @param bodyTimeout Time limit for the body of a request that the gateway answers itself (under
 *     {@code latchkey.paths.prefix}; there a minute at most), and for the rest of a body that is no longer read
 * @param bodyIdleTimeout How long a client may pause within a body that is forwarded to a backend
 * @param idleTimeout How long a connection may stay without a request; longer than the 60 s after which balancers
 *     usually close theirs, so that no request is sent into a closing connection
 * @param slowReaderTimeout The period over which {@code minReadRate} is measured
 * @param minReadRate The fewest bytes that a client must accept in a second while bytes of an answer wait for it
 * @param maxConnections Most client connections at a time
 * @param maxConnectionsPerAddress Most client connections of one address (IPv6: one /64) at a time; trusted proxies are
 *     exempt
 */
@ConfigurationProperties("latchkey.listener")
record ListenerProperties(
        @DefaultValue("10s") Duration headTimeout,
        @DefaultValue("15s") Duration bodyTimeout,
        @DefaultValue("30s") Duration bodyIdleTimeout,
        @DefaultValue("75s") Duration idleTimeout,
        @DefaultValue("30s") Duration slowReaderTimeout,
        @DefaultValue("1KB") DataSize minReadRate,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("1000") int maxConnectionsPerAddress) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    ListenerProperties {
        between("head-timeout", headTimeout);
        between("body-timeout", bodyTimeout);
        between("body-idle-timeout", bodyIdleTimeout);
        between("idle-timeout", idleTimeout);
        between("slow-reader-timeout", slowReaderTimeout);
        Assert.isTrue(minReadRate.toBytes() >= 1, "latchkey.listener.min-read-rate must be at least 1B");
        if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
            throw new IllegalArgumentException("latchkey.listener.max-connections and"
                    + " latchkey.listener.max-connections-per-address must be at least 1");
        }
    }

    private static void between(String name, Duration value) {
        Assert.isTrue(
                value.compareTo(SHORTEST) >= 0 && value.compareTo(LONGEST) <= 0,
                "latchkey.listener." + name + " must lie between 100ms and 1h");
    }
}
