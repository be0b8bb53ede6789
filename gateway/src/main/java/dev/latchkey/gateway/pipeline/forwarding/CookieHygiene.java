package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.cookie.CookieNames;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Removes the gateway's cookies from header lines and leaves every other byte as it was, even of cookies that a parser
 * would drop.
 */
@Component
final class CookieHygiene {

    private final CookieNames names;

    CookieHygiene(CookieProperties cookies) {
        this.names = cookies.names();
    }

    /** A {@code Cookie} line without ours; null if nothing is left of it. */
    @Nullable
    String withoutOurs(String line) {
        if (!names.mayBeIn(line)) {
            return line;
        }
        StringBuilder kept = new StringBuilder();
        boolean isWhole = true;
        boolean isFirst = true;
        for (int from = 0; from <= line.length(); ) {
            int semicolon = line.indexOf(';', from);
            int end = semicolon < 0 ? line.length() : semicolon;
            if (isOurs(line, from, end)) {
                isWhole = false;
            } else {
                kept.append(isFirst ? "" : ";").append(line, from, end);
                isFirst = false;
            }
            from = end + 1;
        }
        if (isWhole) {
            return line;
        }
        String rest = kept.toString().stripLeading();
        return rest.isBlank() ? null : rest;
    }

    /**
     * Whether a {@code Set-Cookie} line sets a cookie of the gateway. A cookie without a name is sent back as its bare
     * value, so that {@code =latchkey-access=x} would come back as ours (RFC 6265bis section 5.6).
     */
    boolean setsOurs(String line) {
        if (!names.mayBeIn(line)) {
            return false;
        }
        int semicolon = line.indexOf(';');
        int end = semicolon < 0 ? line.length() : semicolon;
        int from = 0;
        while (from < end && line.charAt(from) <= ' ') {
            from++;
        }
        boolean isNameless = from < end && line.charAt(from) == '=';
        return isOurs(line, isNameless ? from + 1 : from, end);
    }

    /** Netty skips commas before a name, so they must not hide a name here. */
    private boolean isOurs(String line, int from, int end) {
        int equals = line.indexOf('=', from);
        int last = equals < 0 || equals > end ? end : equals;
        int first = from;
        while (first < last && (line.charAt(first) <= ' ' || line.charAt(first) == ',')) {
            first++;
        }
        while (last > first && line.charAt(last - 1) <= ' ') {
            last--;
        }
        return names.owns(line, first, last);
    }
}
