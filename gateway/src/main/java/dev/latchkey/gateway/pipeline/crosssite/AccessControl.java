package dev.latchkey.gateway.pipeline.crosssite;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.MutableHeaderFields;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields of the CORS protocol (Fetch standard, section "HTTP extensions"), as every rule reads and writes them. */
final class AccessControl {

    static final String ORIGIN = "Origin";
    static final String REQUEST_METHOD = "Access-Control-Request-Method";
    static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
    static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    static final String ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
    static final String ALLOW_METHODS = "Access-Control-Allow-Methods";
    static final String ALLOW_HEADERS = "Access-Control-Allow-Headers";
    static final String EXPOSE_HEADERS = "Access-Control-Expose-Headers";
    static final String MAX_AGE = "Access-Control-Max-Age";

    private static final String VARY = "Vary";

    private AccessControl() {}

    /** Where the request says that it comes from; null if it does not, or says it twice. */
    static @Nullable String originOf(HeaderFields request) {
        List<String> origins = request.all(ORIGIN);
        return origins.size() == 1 ? origins.get(0) : null;
    }

    /** Grants the method and the headers that a preflight names; whether they are allowed was decided before. */
    static void grantAsked(HeaderFields asked, MutableHeaderFields answer, Duration maxAge) {
        answer.set(VARY, String.join(", ", ORIGIN, REQUEST_METHOD, REQUEST_HEADERS));
        copy(asked, REQUEST_METHOD, answer, ALLOW_METHODS);
        copy(asked, REQUEST_HEADERS, answer, ALLOW_HEADERS);
        answer.set(MAX_AGE, Long.toString(maxAge.toSeconds()));
    }

    private static void copy(HeaderFields from, String name, MutableHeaderFields to, String as) {
        List<String> values = from.all(name);
        to.remove(as);
        for (String value : values) {
            to.add(as, value);
        }
    }

    /** Informs caches that the response depends on the origin of its request (RFC 9110 section 12.5.5). */
    static void varyByOrigin(MutableHeaderFields answer) {
        for (String line : answer.all(VARY)) {
            for (String name : line.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (name.strip().equals("origin")) {
                    return;
                }
            }
        }
        answer.add(VARY, ORIGIN);
    }
}
