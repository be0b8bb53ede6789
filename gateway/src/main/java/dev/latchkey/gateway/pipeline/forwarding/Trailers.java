package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.FieldNames;
import java.util.Set;

/**
 * Which fields may stand in a trailer section. A recipient may merge them into the head (RFC 9110 section 6.5.1), so
 * what is held back there is held back here, and so is whatever a recipient must know before the content: how the
 * message is framed and routed, who sends it, and what the content is.
 */
final class Trailers {

    private static final Set<String> ONLY_IN_HEADS = Set.of(
            "accept-encoding",
            "age",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-length",
            "content-location",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "host",
            "location",
            "max-forwards",
            "origin",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "vary",
            "www-authenticate");

    private Trailers() {}

    static boolean mayHold(CharSequence name) {
        return !name.isEmpty()
                && !HopByHop.isOne(name)
                && !FieldNames.startsWith(name, "proxy-")
                && !ReservedHeaders.isOurs(name)
                && !ReservedHeaders.tellsForWhom(name)
                && !ReservedHeaders.overridesRequest(name)
                && !FieldNames.startsWith(name, "access-control-")
                && !FieldNames.is(name, "clear-site-data")
                && !FieldNames.endsWith(name, "-cache-control")
                && !ONLY_IN_HEADS.contains(FieldNames.lower(name));
    }
}
