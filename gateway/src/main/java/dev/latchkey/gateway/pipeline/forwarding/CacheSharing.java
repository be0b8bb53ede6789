package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.FieldNames;
import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Keeps responses to a signed-in user out of shared caches. Caches no longer see the {@code Authorization} that would
 * stop them (RFC 9111 section 3.5), because the gateway sends it.
 */
public final class CacheSharing {

    private static final String CACHE_CONTROL = "Cache-Control";
    private static final String TARGETED = "-cache-control";
    private static final List<String> SHARING = List.of("private", "no-store", "public", "s-maxage");

    private CacheSharing() {}

    /**
     * Adds {@code private} if nothing was said about sharing: to {@code Cache-Control}, and to targeted headers such as
     * {@code CDN-Cache-Control}, because their caches read no other (RFC 9213 section 2.2).
     */
    public static void keepPrivate(MutableHeaderFields response) {
        keepPrivate(CACHE_CONTROL, response);
        Targeted targeted = new Targeted();
        response.forEach(targeted);
        for (int at = 0; at < targeted.names.size(); at++) {
            keepPrivate(targeted.names.get(at), response);
        }
    }

    /** Finds the names of targeted headers; there are mostly none. */
    private static final class Targeted implements BiConsumer<CharSequence, String> {

        private List<String> names = List.of();

        @Override
        public void accept(CharSequence name, String value) {
            if (FieldNames.endsWith(name, TARGETED)) {
                names = names.isEmpty() ? new ArrayList<>() : names;
                names.add(name.toString());
            }
        }
    }

    private static void keepPrivate(String name, MutableHeaderFields response) {
        List<String> said = response.all(name);
        if (said.isEmpty()) {
            response.set(name, "private");
            return;
        }
        for (String value : said) {
            if (mentionsSharing(value)) {
                return;
            }
        }
        String before = String.join(", ", said);
        response.set(name, before.isBlank() ? "private" : before + ", private");
    }

    /** Whether one of the directives is about sharing (RFC 9111 section 5.2.2); what is quoted is none. */
    private static boolean mentionsSharing(String value) {
        boolean isStart = true;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '"') {
                at = endOfQuoted(value, at);
                isStart = false;
            } else if (isStart && !isSpace(c)) {
                if (isAboutSharing(value, at)) {
                    return true;
                }
                isStart = c == ',';
            } else if (c == ',') {
                isStart = true;
            }
        }
        return false;
    }

    private static boolean isAboutSharing(String value, int from) {
        for (String directive : SHARING) {
            if (value.regionMatches(true, from, directive, 0, directive.length())) {
                int end = from + directive.length();
                while (end < value.length() && isSpace(value.charAt(end))) {
                    end++;
                }
                return end == value.length() || value.charAt(end) == ',' || value.charAt(end) == '=';
            }
        }
        return false;
    }

    /** The closing quote; without one, the opening quote is a character like any other. */
    private static int endOfQuoted(String value, int open) {
        for (int at = open + 1; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '"') {
                return at;
            }
            if (c == '\\') {
                at++;
            }
        }
        return open;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
