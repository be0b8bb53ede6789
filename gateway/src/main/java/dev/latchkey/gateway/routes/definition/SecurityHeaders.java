package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Response headers that restrict what browsers do with a route's pages.
 *
 * @param values by the header's name in lower case, in the order in which they are sent
 */
public record SecurityHeaders(Map<String, String> values) {

    public static final SecurityHeaders NONE = new SecurityHeaders(Map.of());

    /** The defaults; the routes file uses the same names. */
    public static final Map<String, String> DEFAULTS = defaults();

    public SecurityHeaders {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Sets them on an answer, refusals too. A backend's own value stays, because it knows its pages. */
    public void complete(MutableHeaderFields answer) {
        values.forEach((name, value) -> {
            if (!answer.contains(name)) {
                answer.set(name, value);
            }
        });
    }

    private static Map<String, String> defaults() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("strict-transport-security", "max-age=31536000");
        values.put("x-content-type-options", "nosniff");
        values.put("referrer-policy", "strict-origin-when-cross-origin");
        values.put("x-frame-options", "SAMEORIGIN");
        values.put("content-security-policy", "frame-ancestors 'self'");
        values.put("permissions-policy", "camera=(), geolocation=(), microphone=()");
        values.put("cross-origin-opener-policy", "same-origin");
        values.put("cross-origin-resource-policy", "same-origin");
        return Collections.unmodifiableMap(values);
    }
}
