package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token cookies of one request in its {@code Cookie} lines, and reads no other. It accepts what Netty's
 * strict decoder accepts (RFC 6265 section 4.1.1), so that what a cookie is does not depend on who reads it: a value
 * with other characters is no cookie, one in quotes is what stands between them, and commas and spaces before a name
 * are skipped.
 */
final class TokenCookieScan {

    private static final String BEFORE_NAME = " ,\t\n\u000b\f\r";
    private static final String NOT_IN_VALUE = "\",;\\";

    private final String access;
    private final List<String> refreshes;
    private final @Nullable String[] found;
    private boolean repeated;

    /** @param refreshes in the order in which the tokens are presented */
    TokenCookieScan(String access, List<String> refreshes) {
        this.access = access;
        this.refreshes = refreshes;
        this.found = new @Nullable String[1 + refreshes.size()];
    }

    void read(String line) {
        for (int from = 0; from < line.length(); ) {
            int semicolon = line.indexOf(';', from);
            int end = semicolon < 0 ? line.length() : semicolon;
            while (from < end && BEFORE_NAME.indexOf(line.charAt(from)) >= 0) {
                from++;
            }
            int which = which(line, from, end);
            if (which >= 0) {
                take(which, line, from + nameOf(which).length() + 1, end);
            }
            from = end + 1;
        }
    }

    /** Which of ours begins here, or -1; the name must be followed by an equals sign. */
    private int which(String line, int from, int end) {
        for (int which = 0; which < found.length; which++) {
            String name = nameOf(which);
            int equals = from + name.length();
            if (equals < end && line.charAt(equals) == '=' && line.startsWith(name, from)) {
                return which;
            }
        }
        return -1;
    }

    private String nameOf(int which) {
        return which == 0 ? access : refreshes.get(which - 1);
    }

    private void take(int which, String line, int from, int end) {
        boolean isQuoted = from < end && line.charAt(from) == '"';
        if (isQuoted && (end - from == 1 || line.charAt(end - 1) != '"')) {
            return;
        }
        int first = isQuoted ? from + 1 : from;
        int last = isQuoted ? end - 1 : end;
        for (int at = first; at < last; at++) {
            if (!isOfValue(line.charAt(at))) {
                return;
            }
        }
        repeated |= found[which] != null;
        found[which] = line.substring(first, last);
    }

    private static boolean isOfValue(char c) {
        return c > ' ' && c < 0x7f && NOT_IN_VALUE.indexOf(c) < 0;
    }

    /** Whether one of them is there more than once, so that it is unknown which counts. */
    boolean isRepeated() {
        return repeated;
    }

    /** What was found; an empty value is no token. */
    PresentedTokens presented() {
        Optional<AccessToken> token = valueOf(0).map(AccessToken::new);
        List<RefreshToken> tokens = new ArrayList<>(refreshes.size());
        for (int which = 1; which < found.length; which++) {
            valueOf(which).map(RefreshToken::new).ifPresent(tokens::add);
        }
        return new PresentedTokens(token, List.copyOf(tokens), token.isPresent() || !tokens.isEmpty());
    }

    private Optional<String> valueOf(int which) {
        return Optional.ofNullable(found[which]).filter(value -> !value.isEmpty());
    }
}
