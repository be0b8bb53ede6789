package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.LingeringClose;
import dev.latchkey.gateway.listener.http2.Http2Pipeline;
import dev.latchkey.gateway.listener.http2.Http2Pipeline.Http2Client;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.pipeline.order.ConnectionOrder;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.ReactorNetty;

/**
 * Adds this package's handlers to each client connection, before anything else adds some that rely on their checks; the
 * management port has none of them.
 */
@Component
@Order(ConnectionOrder.LISTENER)
final class ListenerPipeline implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    /** At most this many pieces of an answer wait for its reader; their bytes have a bound of their own. */
    private static final String MOST_PIECES = "16";

    /**
     * HTTP/2 forbids a handshake within a connection (RFC 9113 section 9.2.1), and in any protocol a client could ask
     * for one after another (CVE-2011-1473). The platform reads it at the first handshake of a server.
     */
    private static final String REJECTS_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    static {
        setUnlessSet(ReactorNetty.REACTOR_NETTY_SEND_MAX_PREFETCH_SIZE, MOST_PIECES);
        setUnlessSet(REJECTS_RENEGOTIATION, "true");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * What a client has not been sent yet is kept here, where its progress can be seen, and not in a buffer of
     * megabytes of the kernel's: one that reads slowly but well would not seem to read at all for over a minute.
     */
    private static final long MOST_UNSENT = 128 * 1024L;

    private final ListenerProperties limits;
    private final ConnectionCount count;
    private final EarlyRefusals refusals;
    private final ReservedPaths own;
    private final RequestRecording recording;
    private final AnswerDate date;
    private final long shortestMillis;

    ListenerPipeline(
            ListenerProperties limits,
            ConnectionCount count,
            EarlyRefusals refusals,
            ReservedPaths own,
            RequestRecording recording,
            AnswerDate date) {
        this.limits = limits;
        this.count = count;
        this.refusals = refusals;
        this.own = own;
        this.recording = recording;
        this.date = date;
        this.shortestMillis = Stream.of(
                        limits.headTimeout(),
                        limits.bodyTimeout(),
                        limits.bodyIdleTimeout(),
                        limits.idleTimeout(),
                        limits.slowReaderTimeout())
                .mapToLong(Duration::toMillis)
                .min()
                .orElseThrow();
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit(this::open));
    }

    /** Not a stream of one, which is a channel of its own. */
    static boolean isConnection(Channel channel) {
        return !(channel instanceof Http2StreamChannel);
    }

    /** A connection beyond the limit is closed without an answer, which would cost more than the connection. */
    private void open(ConnectionObserver observer, Channel channel, @Nullable SocketAddress remote) {
        if (!isConnection(channel)) {
            addHandlers(channel);
            return;
        }
        Optional<InetAddress> peer = ClientConnection.addressOf(channel);
        Optional<Closing> tooMany = peer.flatMap(count::opened);
        if (tooMany.isPresent()) {
            count.closing(tooMany.get());
            var unused = channel.close();
            return;
        }
        if (channel instanceof EpollSocketChannel linux) {
            linux.config().setTcpNotSentLowAt(MOST_UNSENT);
        }
        peer.ifPresent(address -> channel.closeFuture().addListener(closed -> count.closed(address)));
        channel.pipeline().addFirst("latchkey.close", new LingeringClose());
        addHandlers(channel);
        channel.pipeline().addAfter(NettyPipeline.HttpTrafficHandler, "latchkey.expect", new ExpectHandler());
    }

    /** Those of an HTTP/2 connection, behind the ones that speak it. */
    void addHandlers(Channel connection, Http2Client client) {
        connection
                .pipeline()
                .addLast(
                        "latchkey.timeouts",
                        new Http2TimeoutHandler(client, limits, count, TimeoutHandler.period(shortestMillis)))
                .addLast("latchkey.faults", new FaultHandler());
    }

    /** Those of an HTTP/1.1 connection, or of one stream. */
    void addHandlers(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        ClientWait wait = new ClientWait(
                limits,
                () -> isConnection(channel) || Http2Pipeline.hasRoomForBodies(channel.parent()),
                channel.eventLoop().ticker().nanoTime());
        ReadRate rate = channel instanceof Http2StreamChannel stream
                ? new StreamReadRate(limits, stream)
                : new ReadRate(limits);
        ByteHandler bytes = new ByteHandler(wait, rate);
        RequestGuard guard = new RequestGuard(refusals, bytes);
        TimeoutHandler timeouts = new TimeoutHandler(wait, rate, guard, count, own, date, shortestMillis);
        if (recording.isNeeded()) {
            pipeline.addBefore(
                    NettyPipeline.HttpTrafficHandler,
                    "latchkey.records",
                    new RequestRecorder(recording, recording.isTrusted(channel), channel.attr(RequestRecord.CURRENT)));
        }
        pipeline.addBefore(NettyPipeline.HttpCodec, "latchkey.bytes", bytes)
                .addBefore(NettyPipeline.HttpTrafficHandler, "latchkey.guard", guard)
                .addBefore(NettyPipeline.HttpTrafficHandler, "latchkey.timeouts", timeouts)
                .addAfter(NettyPipeline.HttpTrafficHandler, "latchkey.http10", new Http10Handler())
                .addBefore(NettyPipeline.ReactiveBridge, "latchkey.faults", new FaultHandler());
    }
}
