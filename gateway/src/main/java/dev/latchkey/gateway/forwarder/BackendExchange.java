package dev.latchkey.gateway.forwarder;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The request's side of one exchange with a backend. Only for its event loop. */
public final class BackendExchange {

    /** RFC 9110 section 9.2.1. */
    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    /** Of a body in chunks. */
    private static final long UNKNOWN = -1;

    private static final long NONE = -2;

    /** How long a backend is waited for that was told that a client waits for a 100. */
    private static final long CONTINUE_SECONDS = 1;

    private final ConnectionPool pool;
    private final HttpRequest head;
    private final boolean hasBody;
    private final ExchangeLimits limits;
    private final BackendListener listener;
    private @Nullable Queue<HttpContent> early;
    private @Nullable ConnectAttempt attempt;
    private @Nullable BackendConnection connection;
    private @Nullable ScheduledFuture<?> wait;
    private long left;
    private boolean isHeldBack;
    private boolean isWhole;
    private boolean isStopped;
    private boolean isEnded;
    private boolean isStarting;

    BackendExchange(
            ConnectionPool pool, HttpRequest head, long bodyLength, ExchangeLimits limits, BackendListener listener) {
        this.pool = pool;
        this.head = head;
        this.hasBody = bodyLength != NONE;
        this.limits = limits;
        this.listener = listener;
        this.isHeldBack = hasBody && HttpUtil.is100ContinueExpected(head);
        this.isWhole = !hasBody;
        this.left = bodyLength;
    }

    /**
     * What the head says of the body. Bytes that no length announces would be read as the next request (RFC 9112
     * section 6).
     */
    static long bodyLength(HttpRequest head, boolean hasBody) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        boolean isChunked =
                head.headers().containsValue(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED, true);
        boolean isEmpty = !isChunked && (length == null || length.equals("0"));
        if (hasBody ? isChunked == (length != null) : !isEmpty) {
            throw new IllegalArgumentException(
                    "the head does not fit the body: " + head.method() + ", length " + length);
        }
        if (!hasBody) {
            return NONE;
        }
        return length == null ? UNKNOWN : Long.parseLong(length);
    }

    /** The listener is not called in here. */
    void start() {
        isStarting = true;
        pool.acquire(this);
        isStarting = false;
    }

    HttpRequest head() {
        return head;
    }

    boolean hasBody() {
        return hasBody;
    }

    ExchangeLimits limits() {
        return limits;
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
        if (isEnded || isStopped || isWhole) {
            part.release();
            return;
        }
        if (!isWithinLength(part.content().readableBytes(), isLast)) {
            part.release();
            refuse();
            return;
        }
        isWhole = isLast;
        if (connection != null) {
            connection.write(part, isLast);
            return;
        }
        if (early == null) {
            early = new ArrayDeque<>();
        }
        early.add(part);
    }

    private boolean isWithinLength(int bytes, boolean isLast) {
        if (left == UNKNOWN) {
            return true;
        }
        left -= bytes;
        return isLast ? left == 0 : left >= 0;
    }

    private void refuse() {
        BackendFailure failure = new BackendFailure(
                Kind.REQUEST_BODY,
                connection != null && connection.isAnswering(),
                false,
                "the body of the request is not as long as its head states",
                null);
        detach();
        fail(failure);
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
     * The body of the answer may be silent for as long as it likes: {@link ExchangeLimits#stall} is not for it. To be
     * said in {@link BackendListener#head}, where the type of the answer is known.
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
        wait = pool.loop().schedule(this::waitedTooLong, limit.toNanos(), TimeUnit.NANOSECONDS);
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
        fail(new BackendFailure(
                Kind.EXHAUSTED, false, true, "all connections to " + pool.endpoint() + " are in use", null));
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
        if (!isWhole) {
            bodyWanted();
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
        if (!isWhole && !isStopped && !isEnded) {
            listener.writable();
        }
    }

    /** Nothing more of the request is of use. */
    void stopUpload() {
        if (!isWhole && !isStopped && !isEnded) {
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
        boolean isRepeatable = !hasBody && SAFE.contains(head.method());
        if (isRepeatable) {
            connection = null;
            pool.replace(this);
        }
        return isRepeatable;
    }

    /** No more calls of the listener but one. */
    void ended() {
        isEnded = true;
        waitsNoMore();
        Queue<HttpContent> parts = early;
        early = null;
        while (parts != null && !parts.isEmpty()) {
            parts.remove().release();
        }
    }

    void fail(BackendFailure failure) {
        if (isStarting) {
            pool.loop().execute(() -> fail(failure));
        } else if (!isEnded) {
            ended();
            listener.failed(failure);
        }
    }
}
