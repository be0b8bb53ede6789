package dev.latchkey.gateway.forwarder;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The request's side of one exchange with a backend. Only for its event loop. */
public final class BackendExchange {

    /** How long a backend is waited for that was told that a client waits for a 100. */
    private static final long CONTINUE_SECONDS = 1;

    private final ConnectionPool pool;
    private final HttpRequest head;
    private final StatedBody body;
    private final ExchangeLimits limits;
    private final BackendListener listener;
    private final long begun;
    private @Nullable Queue<HttpContent> early;
    private @Nullable ConnectAttempt attempt;
    private @Nullable BackendConnection connection;
    private @Nullable ScheduledFuture<?> wait;
    private boolean isHeldBack;
    private boolean isStopped;
    private boolean isEnded;
    private boolean isStarting;

    BackendExchange(
            ConnectionPool pool, HttpRequest head, StatedBody body, ExchangeLimits limits, BackendListener listener) {
        this.pool = pool;
        this.head = head;
        this.body = body;
        this.limits = limits;
        this.listener = listener;
        this.begun = pool.loop().ticker().nanoTime();
        this.isHeldBack = body.isThere() && HttpUtil.is100ContinueExpected(head);
    }

    /** The listener is not called in here. */
    void start() {
        isStarting = true;
        pool.usage().exchanges().increment();
        try {
            pool.acquire(this);
        } catch (RuntimeException | Error fault) {
            cancel();
            throw fault;
        } finally {
            isStarting = false;
        }
    }

    HttpRequest head() {
        return head;
    }

    boolean hasBody() {
        return body.isThere();
    }

    ExchangeLimits limits() {
        return limits;
    }

    /** When, by the loop's ticker. */
    long begun() {
        return begun;
    }

    BackendListener listener() {
        return listener;
    }

    /**
     * Sends a part of the request's body; the last one, with trailers, ends it. The part is released here, also where
     * the exchange has ended or takes no more. Parts are flushed together, at the latest when the loop has nothing else
     * to do. While {@link #isWritable} is false they are kept, and no more should be given.
     */
    public void content(HttpContent part) {
        boolean isLast = part instanceof LastHttpContent;
        if (isEnded || isStopped || body.isWhole()) {
            part.release();
            return;
        }
        if (!body.add(part.content().readableBytes(), isLast)) {
            part.release();
            giveUp(Kind.REQUEST_BODY, "the body of the request is not as long as its head states", null);
            return;
        }
        isHeldBack = false;
        if (connection != null) {
            waitsNoMore();
            connection.write(part, isLast);
            return;
        }
        if (early == null) {
            early = new ArrayDeque<>();
        }
        early.add(part);
    }

    private void giveUp(Kind kind, String why, @Nullable Throwable cause) {
        detach();
        fail(new BackendFailure(kind, why, cause));
    }

    /** Whether more content may be given; once it was false, {@link BackendListener#writable} says when. */
    public boolean isWritable() {
        return isEnded || isStopped || (connection != null && connection.isWritable());
    }

    /** Asks for one more read of the answer's body. */
    public void read() {
        if (connection != null && !isEnded) {
            connection.read();
        }
    }

    /**
     * The body of the answer may be silent while nothing of the request waits: {@link ExchangeLimits#stall} is not for
     * it then. To be said in {@link BackendListener#head}, where the type of the answer is known.
     */
    public void mayBeSilent() {
        if (connection != null && !isEnded) {
            connection.mayBeSilent();
        }
    }

    /** Ends the exchange: the client has left. The connection is closed, and the listener not called any more. */
    public void cancel() {
        if (!isEnded) {
            ended();
            detach();
        }
    }

    private void detach() {
        ConnectAttempt connecting = attempt;
        BackendConnection used = connection;
        attempt = null;
        connection = null;
        if (connecting != null) {
            connecting.cancel();
        } else if (used != null) {
            used.abandon();
        } else {
            pool.leave(this);
        }
    }

    /** In the pool's queue. */
    void waitFor(Duration limit) {
        long left = HeadLimit.within(this, limit.toNanos(), begun);
        wait = pool.loop().schedule(this::waitedTooLong, left, TimeUnit.NANOSECONDS);
    }

    void waitsNoMore() {
        if (wait != null) {
            wait.cancel(false);
            wait = null;
        }
    }

    private void waitedTooLong() {
        pool.leave(this);
        exhausted();
    }

    void exhausted() {
        Kind kind = HeadLimit.isOver(this, pool.loop().ticker().nanoTime()) ? Kind.WAIT_TIMEOUT : Kind.EXHAUSTED;
        fail(new BackendFailure(kind, "all connections to " + pool.endpoint() + " are in use", null));
    }

    void connecting(ConnectAttempt by) {
        attempt = by;
    }

    /** The connection has sent the head. What was given of the body until now follows it. */
    void connected(BackendConnection to) {
        attempt = null;
        connection = to;
        Queue<HttpContent> parts = early;
        early = null;
        while (parts != null && !parts.isEmpty()) {
            HttpContent part = parts.remove();
            to.write(part, part instanceof LastHttpContent);
        }
        if (isHeldBack) {
            wait = pool.loop().schedule(this::heldBackTooLong, CONTINUE_SECONDS, TimeUnit.SECONDS);
        }
        if (!isStarting && to.isWritable()) {
            writable();
        }
    }

    private void heldBackTooLong() {
        try {
            if (!body.isWhole()) {
                bodyWanted();
            }
        } catch (RuntimeException | Error fault) {
            giveUp(Kind.FAULT, "the body of the request could not be asked for", fault);
        }
    }

    /** The client need not hold the body back any longer. */
    void bodyWanted() {
        if (isHeldBack && !isStopped && !isEnded) {
            isHeldBack = false;
            waitsNoMore();
            listener.bodyWanted();
        }
    }

    void writable() {
        if (!body.isWhole() && !isStopped && !isEnded) {
            listener.writable();
        }
    }

    /**
     * The final answer has begun. A backend that refuses a request reads no more of it, and a client that waits to be
     * asked for the body, and has sent none, need not send it; otherwise a backend may answer while it reads.
     */
    void answering(int status) {
        if (isHeldBack || status >= HttpResponseStatus.BAD_REQUEST.code()) {
            stopUpload();
        }
    }

    /** Whether more of the request is to come. */
    boolean isUploading() {
        return !body.isWhole() && !isStopped;
    }

    /** Nothing more of the request is of use: the connection is not used again, and {@link #content} sends nothing. */
    public void stopUpload() {
        if (!body.isWhole() && !isStopped && !isEnded) {
            isStopped = true;
            listener.uploadStopped();
        }
    }

    /**
     * The connection, which was used before, was closed. The next one is new, so this happens once.
     *
     * @return whether the request is on its way again
     */
    boolean repeat() {
        boolean isRepeatable = !body.isThere() && Reuse.isSafe(head.method());
        if (isRepeatable) {
            connection = null;
            pool.connect(this);
        }
        return isRepeatable;
    }

    /** No more calls of the listener but one. */
    void ended() {
        if (!isEnded) {
            pool.usage().exchanges().decrement();
        }
        isEnded = true;
        waitsNoMore();
        Queue<HttpContent> parts = early;
        early = null;
        while (parts != null && !parts.isEmpty()) {
            parts.remove().release();
        }
    }

    /** The answer is whole, and the exchange has ended. */
    void end(HttpHeaders trailers) {
        try {
            listener.end(trailers);
        } catch (RuntimeException | Error fault) {
            new BackendFailure(Kind.FAULT, "the answer could not be passed on", fault).tell(listener);
        }
    }

    void fail(BackendFailure failure) {
        if (isStarting && !isEnded) {
            pool.loop().execute(() -> fail(failure));
        } else if (!isEnded) {
            ended();
            failure.tell(listener);
        }
    }
}
