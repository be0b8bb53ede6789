package dev.latchkey.gateway.forwarder;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;

/**
 * The body that the head of a request announces, and how much of it has come. Bytes that no length announces would be
 * read as the next request (RFC 9112 section 6).
 */
final class StatedBody {

    /** That of a request without one. */
    private static final StatedBody NONE = new StatedBody(0, true);

    /** The length of a body that comes in chunks. */
    private static final long UNKNOWN = -1;

    private long left;
    private boolean isWhole;

    private StatedBody(long left, boolean isWhole) {
        this.left = left;
        this.isWhole = isWhole;
    }

    /** @throws IllegalArgumentException if the head does not state the framing of a body, or states one without body */
    static StatedBody of(HttpRequest head, boolean hasBody) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        boolean isChunked =
                head.headers().containsValue(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED, true);
        boolean isEmpty = !isChunked && (length == null || length.equals("0"));
        if (hasBody ? isChunked == (length != null) : !isEmpty) {
            throw new IllegalArgumentException(
                    "the head does not fit the body: " + head.method() + ", length " + length);
        }
        return hasBody ? new StatedBody(length == null ? UNKNOWN : Long.parseLong(length), false) : NONE;
    }

    /** Whether there is one at all. */
    boolean isThere() {
        return this != NONE;
    }

    /** Whether all of it has come; so it has where there is none. */
    boolean isWhole() {
        return isWhole;
    }

    /**
     * A part has come.
     *
     * @return false if it does not fit what was announced
     */
    boolean add(int bytes, boolean isLast) {
        if (left != UNKNOWN) {
            left -= bytes;
            if (isLast ? left != 0 : left < 0) {
                return false;
            }
        }
        isWhole = isLast;
        return true;
    }
}
