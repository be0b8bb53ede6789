package dev.latchkey.gateway.forwarder;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What two heads say of the connection after them. */
final class Reuse {

    private static final String KEEP_ALIVE = "keep-alive";
    private static final String TIMEOUT = "timeout=";
    private static final String MAX = "max=";
    private static final int MOST_PARAMETERS = 10;

    /** A request that is sent in the moment that the backend closes would be lost. */
    private static final long MARGIN = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private Reuse() {}

    /** Whether a request may be sent twice (RFC 9110 section 9.2.1), as far as that is up to its method. */
    static boolean isSafe(HttpMethod method) {
        return SAFE.contains(method);
    }

    /**
     * How long it may be idle in nanoseconds; 0 if it ends with the answer (RFC 9112 section 9.3).
     *
     * @param isLast whether the request says so
     */
    static long idleNanos(boolean isLast, HttpResponse answer, Duration most) {
        boolean isOld = answer.protocolVersion().minorVersion() == 0;
        if (isOld || isLast || isLast(answer.headers())) {
            return 0;
        }
        long seconds = parameter(answer, TIMEOUT);
        return seconds == Long.MAX_VALUE
                ? most.toNanos()
                : Math.min(most.toNanos(), Math.max(0, TimeUnit.SECONDS.toNanos(seconds) - MARGIN));
    }

    /** How many more requests the backend serves on the connection after this answer, as far as it says so. */
    static long requestsLeft(HttpResponse answer) {
        return parameter(answer, MAX);
    }

    /** Whether the head with these fields is that of the last message of its sender. */
    static boolean isLast(HttpHeaders fields) {
        return fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }

    /**
     * A number in {@code Keep-Alive: timeout=5, max=100} (RFC 2068 section 19.7.1.1), never a negative one; what says
     * nothing is as good as endless.
     */
    private static long parameter(HttpResponse answer, String name) {
        String value = answer.headers().get(KEEP_ALIVE);
        if (value == null) {
            return Long.MAX_VALUE;
        }
        for (String parameter : value.split(",", MOST_PARAMETERS)) {
            String text = parameter.strip();
            if (text.regionMatches(true, 0, name, 0, name.length())) {
                return number(text.substring(name.length()).strip());
            }
        }
        return Long.MAX_VALUE;
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
