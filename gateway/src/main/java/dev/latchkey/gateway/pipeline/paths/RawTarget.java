package dev.latchkey.gateway.pipeline.paths;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.token.TokenHeaders;
import java.util.Optional;

/**
 * A request target with characters that RFC 3986 does not allow, although browsers send them: the URL standard of the
 * WHATWG does not encode bars, braces or carets in a query. Everything here works with URIs and sees them encoded; the
 * backend gets them as they came. Until then the target is kept in a header of our own family, which a client cannot
 * set and a backend never sees.
 */
public final class RawTarget {

    /** Set by the listener, removed before the head leaves for the backend. */
    public static final String HEADER = TokenHeaders.RESERVED_PREFIX + "raw-target";

    private static final String NOT_IN_URI = "\"<>\\^`{|}";
    private static final String NOT_IN_PATH = NOT_IN_URI + "[]";
    private static final int ENCODED_LENGTH = 3;

    private RawTarget() {}

    /**
     * The target as a URI.
     *
     * @return empty if it cannot become one: characters that no client sends raw, malformed percent-encoding, or a
     *     fragment
     */
    public static Optional<String> encoded(String target) {
        boolean isPath = true;
        boolean isEncoded = true;
        for (int at = 0; at < target.length(); at++) {
            char c = target.charAt(at);
            isPath &= c != '?';
            if (c <= ' ' || c >= 0x7f || c == '#' || (c == '%' && PercentEncoding.byteAt(target, at) < 0)) {
                return Optional.empty();
            }
            isEncoded &= !isRaw(c, isPath);
        }
        return Optional.of(isEncoded ? target : encode(target));
    }

    private static String encode(String target) {
        StringBuilder encoded = new StringBuilder(target.length() + ENCODED_LENGTH);
        boolean isPath = true;
        for (int at = 0; at < target.length(); at++) {
            isPath &= target.charAt(at) != '?';
            append(encoded, target.charAt(at), isPath);
        }
        return encoded.toString();
    }

    private static boolean isRaw(char c, boolean isPath) {
        return (isPath ? NOT_IN_PATH : NOT_IN_URI).indexOf(c) >= 0;
    }

    private static void append(StringBuilder encoded, char c, boolean isPath) {
        if (isRaw(c, isPath)) {
            PercentEncoding.append(encoded, c);
        } else {
            encoded.append(c);
        }
    }

    /** Whether the path has such characters, on which servers differ. */
    public static boolean hasRawPath(HeaderFields request) {
        String target = request.first(HEADER);
        for (int at = 0; target != null && at < target.length() && target.charAt(at) != '?'; at++) {
            if (NOT_IN_PATH.indexOf(target.charAt(at)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The target for the backend if the client sent such characters: the query as it came, and as much of the path as
     * the route left unchanged.
     *
     * @param path that the backend is asked for, still encoded
     */
    public static Optional<String> toBackend(HeaderFields request, String path) {
        return Optional.ofNullable(request.first(HEADER)).map(target -> restored(path, target));
    }

    private static String restored(String path, String target) {
        String raw = pathOf(target);
        int left = path.length();
        int kept = raw.length();
        while (kept > 0) {
            StringBuilder piece = new StringBuilder(ENCODED_LENGTH);
            append(piece, raw.charAt(kept - 1), true);
            if (piece.length() > left || !path.startsWith(piece.toString(), left - piece.length())) {
                break;
            }
            left -= piece.length();
            kept--;
        }
        return path.substring(0, left) + target.substring(kept);
    }

    private static String pathOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
