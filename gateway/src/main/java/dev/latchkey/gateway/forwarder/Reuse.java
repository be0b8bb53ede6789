package dev.latchkey.gateway.forwarder;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** What two heads say of the connection after them. */
final class Reuse {

    private static final String KEEP_ALIVE = "keep-alive";
    private static final String TIMEOUT = "timeout=";
    private static final String MAX = "max=";
    private static final int MOST_PARAMETERS = 10;

    /** RFC 6455 section 1.3. */
    private static final String SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** A request that is sent in the moment that the backend closes would be lost. */
    private static final long MARGIN = TimeUnit.MILLISECONDS.toNanos(500);

    private Reuse() {}

    /** How long it may be idle in nanoseconds; 0 if it ends with the answer (RFC 9112 section 9.3). */
    static long idleNanos(HttpRequest request, HttpResponse answer, Duration most) {
        boolean isOld = answer.protocolVersion().minorVersion() == 0;
        if (isOld || isLast(request.headers()) || isLast(answer.headers())) {
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

    private static boolean isLast(HttpHeaders fields) {
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

    /** Whether a 101 answers this very request for a WebSocket (RFC 6455 section 4.2.2). */
    static boolean isAccepted(HttpRequest request, HttpResponse answer) {
        String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        return key != null
                && asksForSocket(request.headers())
                && asksForSocket(answer.headers())
                && accept(key).equals(answer.headers().get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT));
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key.strip() + SOCKET_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static boolean asksForSocket(HttpHeaders fields) {
        return fields.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }
}
