package dev.latchkey.gateway.telemetry;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Subject;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AttributeKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request. The listener makes it and ends it; in between, the lane or the chain writes what they
 * know, on the event loop of the client's connection; {@link RequestObserver}s read it at the end. There is one for
 * each request, so it is a single object without collections. Moments are those of {@link System#nanoTime}.
 */
public final class RequestRecord {

    /** That of the oldest request of a connection, or of a stream of HTTP/2, that is not answered yet. */
    public static final AttributeKey<RequestRecord> CURRENT = AttributeKey.valueOf(RequestRecord.class, "current");

    private static final int SWITCHING = 101;
    private static final int SERVER_ERROR = 500;

    /** A target may have 16 KB, and records may wait in queues. */
    private static final int LONGEST_PATH = 2_048;

    /** Far longer than any that is registered; it may take all of the first line, too. */
    private static final int LONGEST_METHOD = 64;

    private final long arrived;
    private @Nullable HttpRequest message;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable String id;
    private @Nullable TraceContext trace;
    private @Nullable String clientAddress;
    private @Nullable String route;
    private @Nullable Subject subject;
    private @Nullable RequestOutcome outcome;
    private @Nullable String reason;
    private boolean isByLane;
    private boolean isRotated;
    private int status;
    private long sent;
    private long answered;
    private long waited;
    private long begun;
    private long ended;
    private long requestBytes;
    private long answerBytes;

    /**
     * @param message null if no head could be read
     * @param arrived when its head was read
     */
    public RequestRecord(@Nullable HttpRequest message, long arrived) {
        this.message = message;
        this.arrived = arrived;
    }

    /** That of the request which is being answered on this connection or stream; null if nobody asks for one. */
    public static @Nullable RequestRecord of(Channel channel) {
        return channel.hasAttr(CURRENT) ? channel.attr(CURRENT).get() : null;
    }

    /** What the listener knows from the start. */
    public void identify(@Nullable String requestId, @Nullable TraceContext context, @Nullable String address) {
        id = requestId;
        trace = context;
        clientAddress = address;
    }

    /** The lane has taken it. */
    public void takenByLane(String routeId) {
        isByLane = true;
        route = routeId;
    }

    /** The chain has got it, perhaps after the lane has failed. */
    public void takenByChain() {
        isByLane = false;
    }

    /** A route has taken it. */
    public void matched(String routeId) {
        route = routeId;
    }

    /** Whose request it is, if somebody's. */
    public void identified(Optional<AccessClaims> caller) {
        subject = caller.isPresent() ? caller.get().subject() : null;
    }

    /** Its client gets new tokens with the answer. */
    public void rotated() {
        isRotated = true;
    }

    /** It leaves for its backend; a route may try more than once, and the last time counts. */
    public void sent(long now) {
        sent = now;
        answered = 0;
    }

    /** The head of the backend's final answer has come. */
    public void answered(long now) {
        answered = now;
        left(now);
    }

    /** The gateway waits no longer for the backend that it was sent to. */
    public void left(long now) {
        waited += now - sent;
    }

    /** It is answered with this problem. */
    public void problem(String name, int code) {
        outcome = code < SERVER_ERROR ? RequestOutcome.REFUSED : RequestOutcome.FAILED;
        reason = name;
    }

    /** The backend broke its answer off. */
    public void broken() {
        outcome = RequestOutcome.FAILED;
        reason = "answer-broken";
    }

    /** More of its body was read. */
    public void read(int bytes) {
        requestBytes += bytes;
    }

    /** The head of its answer leaves. */
    public void begun(int code, long now) {
        status = code;
        begun = now;
    }

    /** More of the body of its answer was handed to the connection. */
    public void wrote(int bytes) {
        answerBytes += bytes;
    }

    /**
     * It has ended. What its answer would have been does not matter where the client has left before that.
     *
     * @param isWhole whether its answer is whole
     */
    public void ended(long now, boolean isWhole) {
        ended = now;
        boolean hasFailed = begun != 0 && outcome == RequestOutcome.FAILED;
        if (!isWhole && !isTunnel() && !hasFailed) {
            outcome = RequestOutcome.CANCELLED;
            reason = "connection-closed";
        }
        HttpRequest request = message;
        if (request != null && !isUnreadable(request)) {
            method = first(LONGEST_METHOD, request.method().name());
            path = path(request.uri());
        }
        message = null;
    }

    /** The codec then makes up method and target. */
    private static boolean isUnreadable(HttpRequest request) {
        return request.decoderResult().isFailure() && request.uri().equals("/bad-request");
    }

    /** A record keeps neither headers nor the query. */
    private static String path(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        return first(LONGEST_PATH, target.substring(0, end));
    }

    private static String first(int most, String text) {
        return text.substring(0, Math.min(most, text.length()));
    }

    /** That of {@link RequestIds}; null if they are off. */
    public @Nullable String id() {
        return id;
    }

    /** Null if tracing is off. */
    public @Nullable TraceContext trace() {
        return trace;
    }

    /** The beginning of its method; null until it has ended, and if its head could not be read. */
    public @Nullable String method() {
        return method;
    }

    /** The path of its target, still encoded, without the query; null as {@link #method}. */
    public @Nullable String path() {
        return path;
    }

    /** The address of its client, also behind trusted proxies; null unless the access log says it. */
    public @Nullable String clientAddress() {
        return clientAddress;
    }

    /** The id of the route that took it; null if none did. */
    public @Nullable String route() {
        return route;
    }

    /** Whose access token it was forwarded with; null if it was refused, or nobody's. */
    public @Nullable Subject subject() {
        return subject;
    }

    public RequestOutcome outcome() {
        if (outcome != null) {
            return outcome;
        }
        return answered == 0 ? RequestOutcome.ANSWERED : RequestOutcome.FORWARDED;
    }

    /** Why it was refused, failed or cancelled: the name of a problem, or another constant; null otherwise. */
    public @Nullable String reason() {
        return reason;
    }

    /** Whether the lane answered it, and not the filter chain or the listener. */
    public boolean isByLane() {
        return isByLane;
    }

    /** Whether its client got new tokens. */
    public boolean isRotated() {
        return isRotated;
    }

    /** Whether it became a tunnel, which ends with its connection. */
    public boolean isTunnel() {
        return status == SWITCHING;
    }

    /** The status of its answer; 0 if its client left before that. */
    public int status() {
        return status;
    }

    /** Bytes of its body. */
    public long requestBytes() {
        return requestBytes;
    }

    /** Bytes of the body of its answer; those of a tunnel are not counted. */
    public long answerBytes() {
        return answerBytes;
    }

    /** Nanoseconds from its arrival to the end of its answer, or of its tunnel. */
    public long duration() {
        return ended - arrived;
    }

    /**
     * Nanoseconds from when it was sent to its backend, for the last time, until the head of the final answer came;
     * negative if no backend has answered.
     */
    public long backendDuration() {
        return answered == 0 ? -1 : answered - sent;
    }

    /** Nanoseconds from its arrival until it was sent to its backend, for the last time; negative if it was not. */
    public long untilSent() {
        return sent == 0 ? -1 : sent - arrived;
    }

    /** Whether it was sent to a backend. */
    public boolean wasSent() {
        return sent != 0;
    }

    /**
     * Nanoseconds that the gateway itself had it: until it left for a backend, and from the head of the backend's
     * answer until the head of the gateway's left. A body flows as fast as the slower of backend and client, so its
     * time says nothing about the gateway and is left out. Negative if there was no answer.
     */
    public long overhead() {
        return begun == 0 ? -1 : begun - arrived - waited;
    }

    /** When it arrived, by {@link System#nanoTime}. */
    public long arrived() {
        return arrived;
    }

    /** When it arrived, by this clock; at any time, on any thread of this process. */
    public Instant arrivedAt(InstantSource clock) {
        return clock.instant().minusNanos(System.nanoTime() - arrived);
    }
}
