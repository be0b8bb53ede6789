package dev.latchkey.gateway.pipeline.paths;

import dev.latchkey.gateway.token.TokenHeaders;
import java.net.URI;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/**
 * A request target that holds characters which RFC 3986 has no place for, although browsers send them as they are: the
 * URL standard of the WHATWG encodes no bars, braces or carets in a query. Everything here works with URIs and sees
 * them encoded; the backend gets them as they came. Until then the target stands in a header of our own family, which
 * neither a client can set nor a backend sees.
 */
public final class RawTarget {

    /** What the listener sets and {@link RawTargetHandler} takes away. */
    public static final String HEADER = TokenHeaders.RESERVED_PREFIX + "raw-target";

    private static final String NONE_OF_A_URI = "\"<>\\^`{|}";
    private static final String NONE_OF_A_PATH = NONE_OF_A_URI + "[]";
    private static final int OCTET = 3;

    private RawTarget() {}

    /**
     * The target as a URI has it.
     *
     * @return nothing where it cannot become one: characters that nobody sends raw, malformed percent-encoding, or a
     *     fragment
     */
    public static Optional<String> encoded(String target) {
        StringBuilder encoded = new StringBuilder(target.length() + OCTET);
        boolean isPath = true;
        for (int at = 0; at < target.length(); at++) {
            char c = target.charAt(at);
            isPath &= c != '?';
            if (c <= ' ' || c >= 0x7f || c == '#' || (c == '%' && RawPath.octet(target, at) < 0)) {
                return Optional.empty();
            }
            append(encoded, c, isPath);
        }
        return Optional.of(encoded.length() == target.length() ? target : encoded.toString());
    }

    private static void append(StringBuilder encoded, char c, boolean isPath) {
        if ((isPath ? NONE_OF_A_PATH : NONE_OF_A_URI).indexOf(c) >= 0) {
            encoded.append('%').append(RawPath.hexOf(c));
        } else {
            encoded.append(c);
        }
    }

    /** Whether the path came with such characters, on which servers differ. */
    public static boolean hasRawPath(HttpHeaders request) {
        String target = request.getFirst(HEADER);
        String path = target == null ? "" : pathOf(target);
        return path.chars().anyMatch(c -> NONE_OF_A_PATH.indexOf(c) >= 0);
    }

    /**
     * What the backend is asked for, where the client sent such characters: the query as it came, and as much of the
     * path as its route left unchanged.
     */
    public static Optional<String> toBackend(HttpHeaders request, URI backend) {
        return Optional.ofNullable(request.getFirst(HEADER)).map(target -> restored(backend.getRawPath(), target));
    }

    private static String restored(String path, String target) {
        String raw = pathOf(target);
        int left = path.length();
        int kept = raw.length();
        while (kept > 0) {
            StringBuilder piece = new StringBuilder(OCTET);
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
