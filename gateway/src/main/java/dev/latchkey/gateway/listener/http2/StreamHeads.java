package dev.latchkey.gateway.listener.http2;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Turns the fields of a stream into the message that HTTP/1.1 would have brought, so that one set of rules holds for
 * both (RFC 9113 section 8). Netty's codec has refused connection-specific fields, misplaced and unknown pseudo-header
 * fields, upper case, and bodies that contradict {@code content-length}.
 */
final class StreamHeads {

    /** As much as the colon, the blank and the end of a line of HTTP/1.1 take. */
    private static final int LINE = 4;

    private final int longestLine;
    private final int largestHead;

    /**
     * @param longestLine most characters of method and target
     * @param largestHead most characters of all other fields
     */
    StreamHeads(int longestLine, int largestHead) {
        this.longestLine = longestLine;
        this.largestHead = largestHead;
    }

    /** The request is malformed (RFC 9113 section 8.1.1). */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * The request of a stream. One whose {@code :authority} and {@code host} differ has both, and is refused for it.
     *
     * @param isWhole whether no body follows
     */
    HttpRequest request(Http2Headers head, boolean isWhole) throws MalformedException {
        String method = one(head, PseudoHeaderName.METHOD);
        String target = one(head, PseudoHeaderName.PATH);
        String authority = one(head, PseudoHeaderName.AUTHORITY);
        String scheme = one(head, PseudoHeaderName.SCHEME);
        boolean isConnect = HttpMethod.CONNECT.name().equals(method);
        boolean isComplete = method != null && (isConnect || (scheme != null && target != null && !target.isEmpty()));
        if (!isComplete || (head.contains(PseudoHeaderName.PROTOCOL.value()) && !isConnect)) {
            throw new MalformedException("pseudo-header fields are missing");
        }
        String uri = isConnect ? "/" : String.valueOf(target);
        try {
            HttpHeaders fields = fields(head, authority);
            frame(fields, isWhole);
            HttpRequest request = new DefaultHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.valueOf(String.valueOf(method)), uri, fields);
            fault(head, method, uri, scheme).ifPresent(cause -> request.setDecoderResult(DecoderResult.failure(cause)));
            return request;
        } catch (IllegalArgumentException invalid) {
            throw new MalformedException("a field is not one of HTTP");
        }
    }

    private Optional<Exception> fault(Http2Headers head, @Nullable String method, String uri, @Nullable String scheme) {
        if (String.valueOf(method).length() + uri.length() > longestLine) {
            return Optional.of(new TooLongHttpLineException());
        }
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            size += field.getKey().length() + (long) field.getValue().length() + LINE;
        }
        if (size - uri.length() > largestHead) {
            return Optional.of(new TooLongHttpHeaderException());
        }
        boolean isKnown = scheme == null || scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
        return isKnown && uri.startsWith("/")
                ? Optional.empty()
                : Optional.of(new IllegalArgumentException("the target is in no form of HTTP/2"));
    }

    /** Null if it is absent. */
    private static @Nullable String one(Http2Headers head, PseudoHeaderName name) throws MalformedException {
        List<CharSequence> all = head.getAll(name.value());
        if (all.size() > 1) {
            throw new MalformedException("a pseudo-header field comes twice");
        }
        return all.isEmpty() ? null : all.get(0).toString();
    }

    /** Cookies become one line (RFC 9113 section 8.2.3), and the authority the {@code Host} (section 8.3.1). */
    private static HttpHeaders fields(Http2Headers head, @Nullable String authority) throws MalformedException {
        HttpHeaders fields = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        if (authority != null) {
            fields.add(HttpHeaderNames.HOST, authority);
        }
        StringJoiner cookies = new StringJoiner("; ");
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            CharSequence name = field.getKey();
            String value = value(field.getValue());
            if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                cookies.add(value);
            } else if (!(HttpHeaderNames.HOST.contentEquals(name) && value.equalsIgnoreCase(authority))
                    && name.charAt(0) != ':') {
                fields.add(name, value);
            }
        }
        if (cookies.length() > 0) {
            fields.add(HttpHeaderNames.COOKIE, cookies.toString());
        }
        return fields;
    }

    /** HTTP/1.1 would remove a blank around it, so none may be there (RFC 9113 section 8.2.1). */
    private static String value(CharSequence sent) throws MalformedException {
        if (sent.length() > 0 && (isBlank(sent.charAt(0)) || isBlank(sent.charAt(sent.length() - 1)))) {
            throw new MalformedException("a value has a blank around it");
        }
        return sent.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** A body has a stated length or is sent in chunks. */
    private static void frame(HttpHeaders fields, boolean isWhole) {
        List<String> lengths = fields.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (!lengths.isEmpty()) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, HttpUtil.normalizeAndGetContentLength(lengths, false, true));
        } else if (!isWhole) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    /** What stands behind a body; it has no pseudo-header fields (RFC 9113 section 8.1). */
    static void trailers(Http2Headers sent, HttpHeaders into) throws MalformedException {
        for (Map.Entry<CharSequence, CharSequence> field : sent) {
            if (field.getKey().length() == 0 || field.getKey().charAt(0) == ':') {
                throw new MalformedException("a trailer is a pseudo-header field");
            }
            try {
                into.add(field.getKey(), value(field.getValue()));
            } catch (IllegalArgumentException invalid) {
                throw new MalformedException("a trailer is not one of HTTP");
            }
        }
    }
}
