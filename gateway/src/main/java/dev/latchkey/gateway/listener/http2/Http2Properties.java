package dev.latchkey.gateway.listener.http2;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * HTTP/2 with clients. How large a head may be, and how long the gateway waits, is the same as in HTTP/1.1.
 *
 * @param enabled Whether clients that connect with TLS ({@code server.ssl}) may choose HTTP/2 (by ALPN)
 * @param cleartext Whether clients may begin with HTTP/2 without TLS (prior knowledge, RFC 9113 section 3.3); for a
 *     proxy in front that speaks it. The upgrade from HTTP/1.1 is not offered
 * @param maxConcurrentStreams Most requests at a time on one connection
 * @param streamWindow Most bytes of one request's body that wait for its backend
 * @param connectionWindow Most bytes of all bodies of a connection that wait for their backends
 * @param maxResets Most streams of a connection that its client resets, or makes the gateway reset, within 30 s; then
 *     the connection is closed
 */
@ConfigurationProperties("latchkey.http2")
public record Http2Properties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean cleartext,
        @DefaultValue("100") int maxConcurrentStreams,
        @DefaultValue("64KB") DataSize streamWindow,
        @DefaultValue("1MB") DataSize connectionWindow,
        @DefaultValue("200") int maxResets) {

    private static final int MOST_STREAMS = 10_000;
    private static final DataSize SMALLEST = DataSize.ofKilobytes(64);
    private static final DataSize LARGEST = DataSize.ofGigabytes(1);

    public Http2Properties {
        Assert.isTrue(
                maxConcurrentStreams >= 1 && maxConcurrentStreams <= MOST_STREAMS,
                "latchkey.http2.max-concurrent-streams must lie between 1 and 10000");
        Assert.isTrue(
                streamWindow.compareTo(SMALLEST) >= 0 && streamWindow.compareTo(connectionWindow) <= 0,
                "latchkey.http2.stream-window must lie between 64KB and latchkey.http2.connection-window");
        Assert.isTrue(connectionWindow.compareTo(LARGEST) <= 0, "latchkey.http2.connection-window must be at most 1GB");
        Assert.isTrue(maxResets >= 1, "latchkey.http2.max-resets must be at least 1");
    }
}
