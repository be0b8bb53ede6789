package dev.latchkey.gateway.pipeline.matching;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind each slash of a path that begins with one, decoded when it is first asked for. A parameter (RFC
 * 3986 section 3.3: from a semicolon on) is no part of a segment's value. For one request, not for two threads.
 */
public final class PathSegments {

    private final String rawPath;

    /** Where each segment begins; the last number would be the next one's. */
    private final int[] starts;

    private final @Nullable String[] values;

    private PathSegments(String rawPath, int size) {
        this.rawPath = rawPath;
        this.starts = new int[size + 1];
        this.values = new String[size];
        int slash = 0;
        for (int index = 0; index < size; index++) {
            starts[index] = slash + 1;
            slash = rawPath.indexOf('/', slash + 1);
        }
        starts[size] = rawPath.length() + 1;
    }

    /** Splits a path that is still encoded. One that does not begin with a slash has no segments. */
    public static PathSegments of(String rawPath) {
        boolean isRooted = !rawPath.isEmpty() && rawPath.charAt(0) == '/';
        int size = 0;
        for (int slash = isRooted ? 0 : -1; slash >= 0; slash = rawPath.indexOf('/', slash + 1)) {
            size++;
        }
        return new PathSegments(rawPath, size);
    }

    /** How many there are: as many as slashes. */
    public int size() {
        return values.length;
    }

    /** Whether nothing stands behind this slash. */
    public boolean isEmpty(int index) {
        return starts[index] == end(index);
    }

    /** Whether the segment has a value, which one of parameters alone has not. */
    public boolean hasValue(int index) {
        return !isEmpty(index) && rawPath.charAt(starts[index]) != ';';
    }

    /** Decoded as UTF-8, without parameters. A byte that is not UTF-8 becomes a replacement character. */
    public String value(int index) {
        String value = values[index];
        if (value == null) {
            value = decoded(rawPath.substring(starts[index], valueEnd(index)));
            values[index] = value;
        }
        return value;
    }

    private int end(int index) {
        return starts[index + 1] - 1;
    }

    private int valueEnd(int index) {
        int end = end(index);
        for (int at = starts[index]; at < end; at++) {
            if (rawPath.charAt(at) == ';') {
                return at;
            }
        }
        return end;
    }

    private static String decoded(String segment) {
        int percent = segment.indexOf('%');
        if (percent < 0) {
            return segment;
        }
        StringBuilder decoded = new StringBuilder(segment.length());
        byte[] bytes = new byte[segment.length() / 3];
        int from = 0;
        while (percent >= 0) {
            decoded.append(segment, from, percent);
            int count = 0;
            from = percent;
            while (isByte(segment, from)) {
                bytes[count++] = (byte) HexFormat.fromHexDigits(segment, from + 1, from + 3);
                from += 3;
            }
            decoded.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
            percent = segment.indexOf('%', count == 0 ? from + 1 : from);
        }
        return decoded.append(segment, from, segment.length()).toString();
    }

    /** A {@code %} that begins no byte stays as it is; no request with one comes as far as here. */
    private static boolean isByte(String text, int at) {
        return at + 2 < text.length()
                && text.charAt(at) == '%'
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }
}
