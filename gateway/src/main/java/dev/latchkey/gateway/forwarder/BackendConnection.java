package dev.latchkey.gateway.forwarder;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a backend, and the exchange that has it. It is used again only if the request was sent whole, the
 * answer was read to its end, and nothing followed. What is read, {@link AnswerHandler} reports.
 */
final class BackendConnection {

    private final ConnectionPool pool;
    private final BackendChannel channel;
    private final AnswerDecoder decoder;
    private final ExchangeTimer timer;
    private final GenericFutureListener<Future<Void>> lastSent = this::lastSent;
    private ConnectionState state = ConnectionState.CONNECTING;
    private @Nullable BackendExchange exchange;
    private HttpHeaders trailers = LastHttpContent.EMPTY_LAST_CONTENT.trailingHeaders();
    private @Nullable Throwable broken;
    private long idleLimit;
    private long requestsLeft = Long.MAX_VALUE;
    private boolean isUsed;
    private boolean isLastRequest;
    private boolean isSent;
    private boolean isReadAsked;
    private boolean mayBeSilent;

    BackendConnection(ConnectionPool pool, BackendChannel channel, AnswerDecoder decoder) {
        this.pool = pool;
        this.channel = channel;
        this.decoder = decoder;
        this.timer = new ExchangeTimer(pool.loop(), this::ring);
    }

    ConnectionState state() {
        return state;
    }

    /** Which has the connection, and has not ended. */
    @Nullable
    BackendExchange exchange() {
        return exchange;
    }

    /** Sends the exchange's request, as far as it is there. */
    void begin(BackendExchange next) {
        exchange = next;
        state = ConnectionState.ASKED;
        isSent = false;
        mayBeSilent = false;
        isLastRequest = Reuse.isLast(next.head().headers());
        decoder.expectAnswerTo(next.head().method());
        if (next.hasBody()) {
            channel.writeSoon(next.head());
            timer.watchBody(next.limits());
            next.connected(this);
        } else {
            next.connected(this);
            channel.writeWhole(next.head());
            sent(next);
        }
    }

    void write(HttpContent part, boolean isLast) {
        timer.moved();
        if (isLast) {
            channel.writeLast(part, lastSent);
        } else if (part.content().isReadable()) {
            channel.writeSoon(part);
        } else {
            part.release();
        }
    }

    private void lastSent(Future<Void> write) {
        if (!write.isSuccess()) {
            broken(write.cause());
        } else if (exchange != null) {
            sent(exchange);
        }
    }

    private void sent(BackendExchange whole) {
        isSent = true;
        if (state == ConnectionState.ASKED || state == ConnectionState.INTERIM) {
            timer.expectHead(whole);
        }
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    private boolean isAnswering() {
        return state == ConnectionState.ANSWERING || state == ConnectionState.ENDED;
    }

    /** In an interim answer; or, after it, before the final one. */
    void interim(boolean isWithin) {
        state = isWithin ? ConnectionState.INTERIM : ConnectionState.ASKED;
    }

    /** The head of the final answer is there. */
    void answering(BackendExchange current, HttpResponse head) {
        state = ConnectionState.ANSWERING;
        requestsLeft = Math.min(requestsLeft - 1, Reuse.requestsLeft(head));
        idleLimit = requestsLeft > 0
                ? Reuse.idleNanos(isLastRequest, head, pool.settings().idleTimeout())
                : 0;
        int status = head.status().code();
        current.listener().head(head);
        current.answering(status);
    }

    /** The exchange asks for more of the answer. */
    void read() {
        if (state == ConnectionState.ANSWERING) {
            if (!isReadAsked) {
                isReadAsked = true;
                timer.moved();
            }
            channel.readOnce();
        }
    }

    /** This answer may pause for as long as it likes. */
    void mayBeSilent() {
        mayBeSilent = true;
    }

    /** What was asked for comes. */
    void readBegins() {
        isReadAsked = false;
    }

    /**
     * All of one read is passed on, and the answer is not whole.
     *
     * @param hasPassed whether there was anything
     */
    void readComplete(BackendExchange current, boolean hasPassed) {
        timer.moved();
        if (channel.holdBack() && !mayBeSilent) {
            timer.watchBody(current.limits());
        }
        if (isReadAsked) {
            channel.readOnce();
        }
        if (hasPassed) {
            current.listener().readComplete();
        }
    }

    /**
     * The end of the answer is there; it is passed on by {@link #finish}, after all that was read with it. The end of
     * the connection is one only if nothing failed before: the kernel tells of a reset once, and to a writer if there
     * is one.
     */
    void ended(HttpHeaders after, boolean isByClose, boolean isCloseNotified) {
        boolean isAnnounced = isCloseNotified || pool.endpoint().tls() == null;
        if (isByClose && (broken != null || !isAnnounced)) {
            fail(Kind.CLOSED, "closed the connection within its answer", broken);
            return;
        }
        trailers = after.isEmpty() ? LastHttpContent.EMPTY_LAST_CONTENT.trailingHeaders() : after.copy();
        state = ConnectionState.ENDED;
        decoder.expectNothing();
        channel.readFreely();
    }

    /** The next request may be sent on this connection before this method returns. */
    void finish() {
        BackendExchange done = exchange;
        HttpHeaders after = trailers;
        exchange = null;
        if (done == null) {
            return;
        }
        done.ended();
        boolean isWhole = isSent && broken == null && !decoder.hasSurplus();
        if (isWhole && idleLimit > 0 && channel.isQuiet()) {
            state = ConnectionState.IDLE;
            isUsed = true;
            timer.expectRequest(idleLimit);
            if (!pool.release(this)) {
                close();
            }
        } else {
            close();
        }
        done.end(after);
    }

    /** The connection is the listener's from here. */
    void upgraded(BackendExchange current, HttpResponse head) {
        exchange = null;
        state = ConnectionState.CLOSED;
        timer.stop();
        pool.forget(this);
        current.ended();
        channel.handOver(current.listener(), head);
        pool.serveWaiting();
    }

    /** Its exchange has been cancelled. */
    void abandon() {
        exchange = null;
        close();
    }

    boolean isUsable() {
        return state == ConnectionState.IDLE && channel.isActive() && !timer.isOver();
    }

    void close() {
        if (leave()) {
            pool.serveWaiting();
        }
    }

    /** Serves nobody who waits. False if it was closed before, or is not the pool's yet. */
    boolean leave() {
        if (state == ConnectionState.CLOSED || state == ConnectionState.CONNECTING) {
            return false;
        }
        state = ConnectionState.CLOSED;
        timer.stop();
        pool.forget(this);
        channel.close();
        return true;
    }

    void fail(Kind kind, String reason, @Nullable Throwable cause) {
        BackendExchange failed = exchange;
        boolean isRepeatable = isUsed && kind == Kind.CLOSED && !decoder.hasBegun();
        exchange = null;
        if (leave()) {
            if (failed != null && !(isRepeatable && failed.repeat())) {
                failed.fail(new BackendFailure(kind, pool.endpoint() + " " + reason, cause));
            }
            pool.serveWaiting();
        }
    }

    void closed() {
        if (state == ConnectionState.ENDED) {
            finish();
        } else {
            String when = decoder.hasBegun() ? "within its answer" : "before it answered";
            fail(Kind.CLOSED, "closed the connection " + when, broken);
        }
    }

    /**
     * Reading or writing failed. After reading, the connection ends by itself; after writing, an answer that is there
     * can still be read. What was not written when the connection, or TLS on it, ended says nothing more.
     */
    void broken(Throwable cause) {
        if (cause instanceof ClosedChannelException || cause instanceof SslClosedEngineException) {
            return;
        }
        broken = cause;
        BackendExchange current = exchange;
        if (current != null && !isSent) {
            if (!isAnswering()) {
                timer.expectHead(current);
            }
            current.stopUpload();
        }
    }

    private void ring() {
        if (state == ConnectionState.IDLE) {
            if (timer.isOver()) {
                close();
            }
        } else if (state == ConnectionState.ANSWERING && !mayBeSilent) {
            boolean isTheirTurn = exchange == null || !exchange.isUploading() || channel.unsent() > 0;
            if (timer.isStalled(isReadAsked && isTheirTurn, channel.unsent())) {
                fail(Kind.STALLED, "sent nothing more of its answer in time", null);
            }
        } else if (state != ConnectionState.ANSWERING && (isSent || broken != null)) {
            if (timer.isOver()) {
                fail(Kind.HEAD_TIMEOUT, "did not answer in time", null);
            }
        } else if (!isSent && timer.isStalled(channel.unsent() > 0, channel.unsent())) {
            fail(Kind.STALLED, "took nothing more of the request in time", null);
        }
    }
}
