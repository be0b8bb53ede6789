package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.ExchangeLimits;
import dev.latchkey.gateway.forwarder.ForwarderSettings;
import dev.latchkey.gateway.forwarder.NameServers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
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
 *     with 504, and a response is broken off; a stream of server-sent events may be silent for longer, unless its
 *     backend does not take the rest of the request
 * @param maxConnections Most connections to one backend, for each event loop (there is one for each processor, and at
 *     least four); further requests wait up to five seconds
 * @param maxIdle Most connections to one backend that are kept for later requests, for each event loop
 * @param idleTimeout How long a connection is kept without a request, or as long as the backend's {@code Keep-Alive}
 *     says if that is shorter; many servers close theirs after five seconds
 * @param maxHeadSize The largest head of a response, and the largest trailers; beyond it, 502
 * @param sslBundle Name of a bundle ({@code spring.ssl.bundle.*}) whose trust store decides which backends are trusted,
 *     instead of the platform's, and whose key and certificate are shown to backends that ask for one
 * @param dns how the addresses of backends are looked up
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
        @Nullable String sslBundle,
        @DefaultValue Dns dns) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Requests that wait for a connection, for each event loop and backend, and how long each of them may. */
    private static final int MOST_WAITING = 1_000;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

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

    /**
     * How the addresses of backends are looked up.
     *
     * @param servers Name servers that are asked one after the other, such as {@code 10.0.0.2} or
     *     {@code 10.0.0.2:5353}; none: those of the platform
     * @param minTtl How long an answer is used at least, and the pause after a failure, which doubles
     * @param maxTtl How long an answer is used at most, whatever its TTL
     * @param keepMissing How long the addresses of {@code to.dns} are kept when name servers say that the name has none
     *     any more; while they do not answer, addresses are kept without limit
     */
    public record Dns(
            @DefaultValue List<String> servers,
            @DefaultValue("1s") Duration minTtl,
            @DefaultValue("30s") Duration maxTtl,
            @DefaultValue("60s") Duration keepMissing) {

        private static final Duration SHORTEST_TTL = Duration.ofMillis(100);
        private static final int PORT = 53;

        public Dns {
            servers = List.copyOf(servers);
            servers.forEach(Dns::address);
            if (minTtl.compareTo(SHORTEST_TTL) < 0 || maxTtl.compareTo(minTtl) < 0 || maxTtl.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "latchkey.backends.dns.min-ttl must be at least 100ms, and max-ttl between it and 1h");
            }
            if (keepMissing.isNegative() || keepMissing.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("latchkey.backends.dns.keep-missing must lie between 0s and 1h");
            }
        }

        /** Where names are looked up. */
        public NameServers nameServers() {
            return new NameServers(servers.stream().map(Dns::address).toList(), minTtl, maxTtl);
        }

        /** An address, or one with a port; that of IPv6 then in brackets. */
        private static InetSocketAddress address(String text) {
            int colon = text.lastIndexOf(':');
            boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
            String host = hasPort ? text.substring(0, colon) : text;
            InetAddress address = NetUtil.createInetAddressFromIpAddressString(
                    host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
            int port = hasPort ? port(text.substring(colon + 1)) : PORT;
            if (address == null || port < 0) {
                throw new IllegalArgumentException("latchkey.backends.dns.servers holds '" + text
                        + "'; write addresses such as 10.0.0.2, 10.0.0.2:5353 or [2001:db8::2]:53");
            }
            return new InetSocketAddress(address, port);
        }

        private static int port(String text) {
            boolean isNumber =
                    text.length() <= 5 && !text.isEmpty() && text.chars().allMatch(Character::isDigit);
            int port = isNumber ? Integer.parseInt(text) : -1;
            return port >= 1 && port <= 65_535 ? port : -1;
        }
    }

    /** That of {@code sslBundle}, if there is one. */
    Optional<String> bundle() {
        return Optional.ofNullable(sslBundle);
    }

    /** What they say of pools and heads. */
    public ForwarderSettings settings() {
        return new ForwarderSettings(
                maxConnections, maxIdle, MOST_WAITING, LONGEST_WAIT, idleTimeout, (int) maxHeadSize.toBytes());
    }

    /** The limits of a route that has none of its own. */
    public ExchangeLimits limits() {
        return new ExchangeLimits(connectTimeout, responseTimeout, stallTimeout);
    }
}
