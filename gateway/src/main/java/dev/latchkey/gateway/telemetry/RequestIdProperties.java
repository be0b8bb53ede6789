package dev.latchkey.gateway.telemetry;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The id that each request has in its answer, in problem documents, at its backend and in logs.
 *
 * @param enabled Whether each request gets an id; without it, the header passes as any other
 * @param header The header that carries it, both ways; a request's own is believed from
 *     {@code latchkey.trusted-proxies} only
 */
@ConfigurationProperties("latchkey.request-id")
public record RequestIdProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("X-Request-Id") String header) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");

    /** What has a meaning of its own, which an id would take from it. */
    private static final Set<String> TAKEN = Set.of(
            "accept",
            "authorization",
            "cache-control",
            "connection",
            "content-length",
            "content-type",
            "cookie",
            "date",
            "expect",
            "forwarded",
            "host",
            "keep-alive",
            "location",
            "origin",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "traceparent",
            "tracestate",
            "upgrade",
            "via");

    public RequestIdProperties {
        String lower = header.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(header).matches()
                || TAKEN.contains(lower)
                || lower.startsWith("latchkey-")
                || lower.startsWith("x-forwarded-")) {
            throw new IllegalArgumentException("latchkey.request-id.header is '" + header
                    + "': it must be 1 to 64 letters, digits and hyphens, a letter first, and not a header that means"
                    + " something else");
        }
    }
}
