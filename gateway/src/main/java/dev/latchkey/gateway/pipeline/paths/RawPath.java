package dev.latchkey.gateway.pipeline.paths;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether every backend reads a path as we do. Servers differ in whether they resolve dot segments before or after
 * decoding, decode once or twice, and what they take for a separator (RFC 3986 section 6.2.2). A path on which they
 * could differ is rejected, not corrected.
 */
public final class RawPath {

    private static final int MAX_DECODINGS = 4;

    /** Bytes that a lax decoder takes for a character which has a shorter form. */
    private static final Pattern OVERLONG =
            Pattern.compile("[\\xc0\\xc1][\\x80-\\xbf]|\\xe0[\\x80-\\x9f]|\\xf0[\\x80-\\x8f]");

    private RawPath() {}

    /** Takes a path as it stood in the request, still encoded. Without a {@code %}, one look at each character. */
    public static boolean isUnambiguous(String rawPath) {
        for (int at = 0; at < rawPath.length(); at++) {
            char c = rawPath.charAt(at);
            if (c == '%') {
                return isUnambiguousDecoded(rawPath);
            }
            if (c <= ' ' || c >= 0x7f || isTricky(rawPath, at)) {
                return false;
            }
        }
        return isRooted(rawPath);
    }

    /**
     * Whether it is the same path to a server behind another one that has decoded it: {@code %2561} is {@code %61} to
     * the first and {@code a} to the second. Takes one that is unambiguous.
     */
    public static boolean isDecodedOnce(String rawPath) {
        if (!rawPath.contains("%25")) {
            return true;
        }
        String decoded = decode(rawPath);
        return decode(decoded).equals(decoded);
    }

    private static boolean isUnambiguousDecoded(String rawPath) {
        return decodings(rawPath)
                .filter(all -> all.stream().allMatch(path -> isPlain(path) && slashes(path) == slashes(rawPath)))
                .isPresent();
    }

    /**
     * A well-formed path as it is, decoded once, and so on until nothing is left to decode; empty if it is not one, or
     * if overlong forms come out.
     */
    static Optional<List<String>> decodings(String rawPath) {
        if (!isWellFormed(rawPath)) {
            return Optional.empty();
        }
        List<String> decodings = new ArrayList<>(List.of(rawPath));
        String path = rawPath;
        for (int decoded = 0; decoded <= MAX_DECODINGS; decoded++) {
            String next = decode(path);
            if (next.equals(path)) {
                return Optional.of(decodings);
            }
            if (OVERLONG.matcher(next).find()) {
                return Optional.empty();
            }
            decodings.add(next);
            path = next;
        }
        return Optional.empty();
    }

    /** Printable ASCII in which every {@code %} begins a byte, and the bytes are UTF-8 (no overlong forms). */
    private static boolean isWellFormed(String path) {
        boolean hasHighByte = false;
        for (int at = 0; at < path.length(); at++) {
            char c = path.charAt(at);
            if (c <= ' ' || c >= 0x7f || (c == '%' && PercentEncoding.byteAt(path, at) < 0)) {
                return false;
            }
            hasHighByte |= c == '%' && PercentEncoding.byteAt(path, at) >= 0x80;
        }
        return isRooted(path) && (!hasHighByte || isUtf8(decode(path)));
    }

    private static boolean isRooted(String path) {
        return path.isEmpty() || path.charAt(0) == '/';
    }

    private static boolean isPlain(String path) {
        for (int at = 0; at < path.length(); at++) {
            if (path.charAt(at) < ' ' || isTricky(path, at)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A separator other than a single slash, a path parameter, the control character that is not below a space, a dot
     * segment.
     */
    private static boolean isTricky(String path, int at) {
        char c = path.charAt(at);
        return c == '\\' || c == ';' || c == 0x7f || (c == '/' && isTrickySegment(path, at + 1));
    }

    /** An empty one between slashes, or one or two dots. */
    private static boolean isTrickySegment(String path, int start) {
        if (start == path.length()) {
            return false;
        }
        int end = start;
        while (end < path.length() && end - start < 2 && path.charAt(end) == '.') {
            end++;
        }
        return end == path.length() || path.charAt(end) == '/';
    }

    /** Bytes as characters of the same number; a {@code %} that begins none stays. */
    static String decode(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder decoded = new StringBuilder(path.length());
        for (int at = 0; at < path.length(); at++) {
            int value = path.charAt(at) == '%' ? PercentEncoding.byteAt(path, at) : -1;
            decoded.append(value < 0 ? path.charAt(at) : (char) value);
            at += value < 0 ? 0 : 2;
        }
        return decoded.toString();
    }

    private static boolean isUtf8(String bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static long slashes(String path) {
        return path.chars().filter(c -> c == '/').count();
    }
}
