package dev.latchkey.gateway.signin;

import java.util.regex.Pattern;

/**
 * Where a browser goes after signing in: a path on this host and nothing else, for an open redirect lends our name to
 * others' pages (RFC 9700 section 4.11). A query may hold whatever browsers send in one, also what RFC 3986 forbids
 * there.
 *
 * @param value begins with exactly one slash
 */
record ReturnPath(String value) {

    /** Where to go when nothing better is known. */
    static final ReturnPath ROOT = new ReturnPath("/");

    /** More is not kept: {@code /}. */
    static final int LONGEST = 8192;

    private static final Pattern ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** The path if a browser can only read it as one of ours, else the root. */
    static ReturnPath of(String wanted) {
        return isLocal(wanted) ? new ReturnPath(wanted) : ROOT;
    }

    private static boolean isLocal(String wanted) {
        boolean oneSlash = wanted.startsWith("/") && !wanted.startsWith("//");
        return oneSlash
                && wanted.length() <= LONGEST
                && wanted.chars().allMatch(ReturnPath::isPlain)
                && isPath(pathOf(wanted));
    }

    /** Browsers drop control characters; the others belong percent-encoded. */
    private static boolean isPlain(int character) {
        return character > ' ' && character < 0x7f && "\"<>".indexOf(character) < 0;
    }

    /** In a path, browsers take a backslash for a slash; in a query they send it as it is, and it means nothing. */
    private static boolean isPath(String path) {
        return path.indexOf('\\') < 0 && !ESCAPE.matcher(path).find();
    }

    private static String pathOf(String wanted) {
        int query = wanted.indexOf('?');
        return query < 0 ? wanted : wanted.substring(0, query);
    }
}
