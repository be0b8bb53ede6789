package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.http.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** What the connection to a backend needs in the head of a request, whatever carries it. */
public final class ConnectionFields {

    private static final String TE = "TE";

    private ConnectionFields() {}

    /**
     * Asks for trailers if the client does. What else {@code TE} says is of the client's connection, and what it says
     * of the next must be named there (RFC 9110 section 10.1.4).
     */
    public static void askForTrailers(RequestHead client, HttpHeaders fields) {
        if (client.fields().contains(TE) && asksForTrailers(client.fields().all(TE))) {
            fields.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
        }
    }

    private static boolean asksForTrailers(List<String> lines) {
        for (String line : lines) {
            for (String coding : line.split(",", -1)) {
                if (HttpHeaderValues.TRAILERS.contentEqualsIgnoreCase(coding.strip())) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Says of the body what the client said of it, once (RFC 9112 section 6), and the number as it was read, not as it
     * was written: {@code 05} is another one to some.
     *
     * @param length that the client stated; negative if it stated none
     * @return whether there is a body
     */
    public static boolean frame(boolean isChunked, long length, HttpHeaders fields) {
        if (isChunked) {
            fields.remove(HttpHeaderNames.CONTENT_LENGTH);
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (length >= 0) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        boolean hasBody = isChunked || length > 0;
        if (!hasBody) {
            fields.remove(HttpHeaderNames.EXPECT);
        }
        return hasBody;
    }
}
