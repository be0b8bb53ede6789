package dev.latchkey.gateway.page;

import java.util.regex.Pattern;

/**
 * Where a browser goes after signing in: a path on this host and nothing else, because an open redirect lends our name
 * to others' pages (RFC 9700 section 4.11). A query may hold all that browsers send in one, even what RFC 3986 forbids.
 *
 * @param value begins with exactly one slash
 */
public record ReturnPath(String value) {

    public static final ReturnPath ROOT = new ReturnPath("/");

    /** A longer one is not kept, and leads to the root. */
    public static final int MAX_LENGTH = 8192;

    private static final Pattern ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** The path, if browsers cannot read it as another host's; else the root. */
    public static ReturnPath of(String wanted) {
        return isLocal(wanted) ? new ReturnPath(wanted) : ROOT;
    }

    private static boolean isLocal(String wanted) {
        boolean oneSlash = wanted.startsWith("/") && !wanted.startsWith("//");
        return oneSlash
                && wanted.length() <= MAX_LENGTH
                && wanted.chars().allMatch(ReturnPath::isPlain)
                && isPath(pathOf(wanted));
    }

    /** Browsers drop control characters; the others belong percent-encoded. */
    private static boolean isPlain(int character) {
        return character > ' ' && character < 0x7f && "\"<>".indexOf(character) < 0;
    }

    /** Browsers read a backslash in a path as a slash; in a query they send it as it is. */
    private static boolean isPath(String path) {
        return path.indexOf('\\') < 0 && !ESCAPE.matcher(path).find();
    }

    private static String pathOf(String wanted) {
        int query = wanted.indexOf('?');
        return query < 0 ? wanted : wanted.substring(0, query);
    }
}
