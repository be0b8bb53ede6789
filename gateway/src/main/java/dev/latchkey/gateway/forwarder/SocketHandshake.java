package dev.latchkey.gateway.forwarder;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** Whether a backend agrees to a WebSocket. */
final class SocketHandshake {

    /** RFC 6455 section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private SocketHandshake() {}

    /**
     * Whether a 101 answers this very request: with {@code Upgrade}, with {@code Connection}, and with one accept
     * value, which is the right one (RFC 6455 section 4.1, items 2 to 4 of what a client validates).
     */
    static boolean isAccepted(HttpRequest request, HttpResponse answer) {
        String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        return key != null
                && asksForSocket(request.headers())
                && asksForSocket(answer.headers())
                && List.of(accept(key)).equals(answer.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT));
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key.strip() + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static boolean asksForSocket(HttpHeaders fields) {
        return fields.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }
}
