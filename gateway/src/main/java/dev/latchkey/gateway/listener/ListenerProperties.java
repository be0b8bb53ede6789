package dev.latchkey.gateway.listener;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How long the gateway waits for its clients, and how many of them it serves at once. How large the first line and the
 * head of a request may be, Spring Boot's own {@code server} properties say.
 *
 * @param headTimeout from the first byte of a request's head to its end
 * @param bodyTimeout from the head of a request to the gateway itself to the end of its body, and from the end of an
 *     answer to the end of a body that nobody reads any more
 * @param bodyIdleTimeout how long a client may pause within a body that a backend waits for
 * @param idleTimeout how long a connection may be without a request: above the 60 s after which balancers usually close
 *     theirs, so that a request is never sent into a closing connection
 * @param slowReaderTimeout the time over which {@code minReadRate} is judged
 * @param minReadRate what a client takes of an answer in a second at least, while bytes of it wait
 * @param maxConnections client connections in all
 * @param maxConnectionsPerAddress client connections of one address (IPv6: one /64); trusted proxies have no such limit
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
        if (minReadRate.toBytes() < 1) {
            throw new IllegalArgumentException("latchkey.listener.min-read-rate must be at least 1B");
        }
        if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
            throw new IllegalArgumentException("latchkey.listener.max-connections and"
                    + " latchkey.listener.max-connections-per-address must be at least 1");
        }
    }

    private static void between(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.listener." + name + " must lie between 100ms and 1h");
        }
    }
}
