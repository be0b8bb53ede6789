package dev.latchkey.gateway.tunnel;

import dev.latchkey.gateway.http.netty.LingeringClose;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket between a client and a backend that have agreed on it. It ends when either side ends its connection, at
 * its limits, or when it is told to: then each side gets a close frame (RFC 6455 section 5.5.1) as soon as no frame to
 * it is under way, and nothing after it. Both channels, and all methods but {@link #end}, belong to one event loop.
 */
public final class Tunnel {

    /** RFC 6455 section 7.4.1. */
    public static final int GOING_AWAY = 1001;

    /** RFC 6455 section 7.4.1. */
    public static final int POLICY_VIOLATION = 1008;

    static final int NO_REASON = 0;

    private static final String NAME = "latchkey.tunnel";

    /** How long a frame that is under way may take once the tunnel has to end. */
    private static final long FAREWELL_SECONDS = 5;

    private final Channel backend;
    private final TunnelLimits limits;
    private final TunnelEnd backendEnd;
    private final long began;
    private @Nullable TunnelEnd clientEnd;
    private @Nullable ScheduledFuture<?> timer;
    private long lastMoved;
    private int reason = NO_REASON;

    /**
     * Takes the backend's side, which waits for the client's.
     *
     * @param backend has switched to WebSocket, and reads only when asked to; it is the tunnel's from here
     */
    public Tunnel(Channel backend, TunnelLimits limits) {
        this.backend = backend;
        this.limits = limits;
        this.backendEnd = new TunnelEnd(this, backend, true);
        this.began = now();
        this.lastMoved = began;
        backend.pipeline().addFirst(new LingeringClose()).addLast(NAME, backendEnd);
    }

    /**
     * Sends the client the head of the answer, and from then on bytes. What speaks HTTP there goes, and with it what
     * the client sent too early is read.
     *
     * @param codec the name of the handler that decodes HTTP
     * @param writer writes HTTP to that codec
     */
    public void open(ChannelHandlerContext writer, String codec, FullHttpResponse head) {
        ChannelPipeline pipeline = writer.pipeline();
        Channel client = writer.channel();
        TunnelEnd end = new TunnelEnd(this, client, false);
        clientEnd = end;
        client.config().setAutoRead(false);
        var unused = writer.writeAndFlush(head);
        pipeline.addAfter(codec, NAME, end);
        pipeline.remove(codec);
        HandshakeHold.remove(pipeline);
        client.closeFuture().addListener(closed -> closed());
        backend.closeFuture().addListener(closed -> closed());
        backendEnd.connect(end);
        end.connect(backendEnd);
        look();
    }

    /**
     * Ends it for this reason, a status code of RFC 6455 section 7.4; on any thread. A second reason changes nothing.
     */
    public void end(int because) {
        if (backend.eventLoop().inEventLoop()) {
            endNow(because);
        } else {
            backend.eventLoop().execute(() -> endNow(because));
        }
    }

    private void endNow(int because) {
        if (reason != NO_REASON) {
            return;
        }
        reason = because;
        if (clientEnd == null) {
            cut();
            return;
        }
        backendEnd.sealIfBetween(clientEnd, because);
        clientEnd.sealIfBetween(backendEnd, because);
        var unused = backend.eventLoop().schedule(this::cut, FAREWELL_SECONDS, TimeUnit.SECONDS);
    }

    /** Closes what is open, whatever is under way. */
    public void cut() {
        backendEnd.closeNow();
        if (clientEnd != null) {
            clientEnd.closeNow();
        }
    }

    /** The client has left, or the tunnel was never opened. */
    public void cancel() {
        if (clientEnd == null) {
            cut();
        } else {
            backendEnd.finish();
        }
    }

    int reason() {
        return reason;
    }

    void moved() {
        lastMoved = now();
    }

    private long now() {
        return backend.eventLoop().ticker().nanoTime();
    }

    private void look() {
        if (isClosed()) {
            return;
        }
        long left = Math.min(
                limits.idle().toNanos() - (now() - lastMoved), limits.whole().toNanos() - (now() - began));
        if (left > 0) {
            timer = backend.eventLoop().schedule(this::look, left, TimeUnit.NANOSECONDS);
        } else if (reason == NO_REASON) {
            endNow(GOING_AWAY);
        }
    }

    private boolean isClosed() {
        return !backendEnd.isOpen() && (clientEnd == null || !clientEnd.isOpen());
    }

    private void closed() {
        if (timer != null && isClosed()) {
            timer.cancel(false);
        }
    }
}
