package dev.latchkey.gateway.signin;

import java.net.URI;

/**
 * Where a browser goes after signing in: a path on this host and nothing else, for an open redirect lends our name to
 * others' pages (RFC 9700 section 4.11).
 *
 * @param value begins with exactly one slash
 */
record ReturnPath(String value) {

    /** Where to go when nothing better is known. */
    static final ReturnPath ROOT = new ReturnPath("/");

    private static final int LONGEST = 2048;

    /** The path if a browser can only read it as one of ours, else the root. */
    static ReturnPath of(String wanted) {
        return isLocal(wanted) ? new ReturnPath(wanted) : ROOT;
    }

    private static boolean isLocal(String wanted) {
        boolean oneSlash = wanted.startsWith("/") && !wanted.startsWith("//");
        return oneSlash && wanted.length() <= LONGEST && wanted.chars().allMatch(ReturnPath::isPlain) && parses(wanted);
    }

    /** Browsers take a backslash for a slash and drop control characters; others belong percent-encoded. */
    private static boolean isPlain(int character) {
        return character > ' ' && character < 0x7f && character != '\\';
    }

    private static boolean parses(String wanted) {
        try {
            URI parsed = new URI(wanted);
            return parsed.getScheme() == null && parsed.getRawAuthority() == null;
        } catch (java.net.URISyntaxException notAPath) {
            return false;
        }
    }
}
