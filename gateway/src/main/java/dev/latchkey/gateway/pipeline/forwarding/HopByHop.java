package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.FieldNames;
import dev.latchkey.gateway.http.HeaderFields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which fields of a head belong to its own connection and go no further (RFC 9110 section 7.6.1). */
final class HopByHop {

    private static final String CONNECTION = "Connection";

    /**
     * What a client must not name: with {@code Connection: Content-Length}, a body would become the next request, and
     * with {@code Connection: Expect}, nobody would ask it for its body.
     */
    private static final Set<String> FOR_ALL = Set.of(
            "authorization",
            "content-encoding",
            "content-length",
            "content-type",
            "cookie",
            "expect",
            "host",
            "origin",
            "traceparent",
            "tracestate",
            "transfer-encoding",
            "upgrade");

    /** It needs no set to be remembered in: such a field goes anyway. */
    private static final String KEEP_ALIVE = "keep-alive";

    private HopByHop() {}

    /** Whether a field of this name never goes further, whatever {@code Connection} says. */
    static boolean isOne(CharSequence name) {
        return switch (name.length()) {
            case 2 -> FieldNames.is(name, "te");
            case 7 -> FieldNames.is(name, "upgrade");
            case 10 -> FieldNames.is(name, "connection") || FieldNames.is(name, KEEP_ALIVE);
            case 17 -> FieldNames.is(name, "transfer-encoding");
            case 18 -> FieldNames.is(name, "proxy-authenticate");
            case 19 -> FieldNames.is(name, "proxy-authorization");
            case 21 -> FieldNames.is(name, "x-application-context");
            default -> false;
        };
    }

    /**
     * The fields that a request's {@code Connection} names, in lower case, except those that are for all recipients.
     *
     * @param requestId the field in which the gateway has given the request its id, in lower case; empty: none
     */
    static Set<String> namedByClient(HeaderFields request, String requestId) {
        Set<String> named = named(request);
        if (!named.isEmpty()) {
            named.removeAll(FOR_ALL);
            named.remove(requestId);
        }
        return named;
    }

    /** The fields that a response's {@code Connection} names, in lower case. */
    static Set<String> named(HeaderFields fields) {
        List<String> lines = fields.all(CONNECTION);
        Set<String> named = Set.of();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            int from = 0;
            while (from < line.length()) {
                int comma = line.indexOf(',', from);
                int end = comma < 0 ? line.length() : comma;
                String option = line.substring(from, end).trim();
                if (!option.isEmpty() && !option.equalsIgnoreCase(KEEP_ALIVE)) {
                    named = named.isEmpty() ? new HashSet<>() : named;
                    named.add(FieldNames.lower(option));
                }
                from = end + 1;
            }
        }
        return named;
    }

    static boolean isNamed(Set<String> named, CharSequence name) {
        return !named.isEmpty() && named.contains(FieldNames.lower(name));
    }
}
