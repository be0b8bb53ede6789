package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.FieldNames;
import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which fields may stand in a trailer section. A recipient may merge them into the head (RFC 9110 section 6.5.1), so
 * what is held back there is held back here, and so is whatever a recipient must know before the content: how the
 * message is framed and routed, who sends it, and what the content is.
 */
public final class Trailers {

    /** The field that names those that will follow the body (RFC 9110 section 6.6.2). */
    static final String ANNOUNCEMENT = "trailer";

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
            "dpop",
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
            ANNOUNCEMENT,
            "vary",
            "warning",
            "www-authenticate");

    private Trailers() {}

    /**
     * Removes from the fields after a body what its sender must not say there, and what the route changes.
     *
     * @param changes that the route makes in the head of the message
     */
    public static void clean(MutableHeaderFields trailers, HeaderChanges changes) {
        trailers.removeIf((name, value) -> !isPassed(name, changes));
    }

    static boolean isPassed(CharSequence name, HeaderChanges changes) {
        return mayHold(name) && !changes.replaces(name);
    }

    /** A line that announces trailers, without the names of those that are not passed on; null if none is left. */
    static @Nullable String announced(String line, HeaderChanges changes) {
        StringJoiner names = new StringJoiner(", ");
        for (String name : line.split(",", -1)) {
            String stripped = name.strip();
            if (isPassed(stripped, changes)) {
                names.add(stripped);
            }
        }
        return names.length() == 0 ? null : names.toString();
    }

    /** Leaves in the lines of a head that announce trailers only those that are passed on. */
    static void cleanAnnounced(MutableHeaderFields head, HeaderChanges changes) {
        List<String> lines = head.all(ANNOUNCEMENT);
        head.remove(ANNOUNCEMENT);
        for (String line : lines) {
            String names = announced(line, changes);
            if (names != null) {
                head.add("Trailer", names);
            }
        }
    }

    private static boolean mayHold(CharSequence name) {
        return !name.isEmpty()
                && !HopByHop.isOne(name)
                && !FieldNames.startsWith(name, "proxy-")
                && !ReservedHeaders.isOurs(name)
                && !ReservedHeaders.isOfDeviceSession(name)
                && !ReservedHeaders.tellsForWhom(name)
                && !ReservedHeaders.overridesRequest(name)
                && !FieldNames.startsWith(name, "access-control-")
                && !FieldNames.is(name, "clear-site-data")
                && !FieldNames.endsWith(name, "-cache-control")
                && !ONLY_IN_HEADS.contains(FieldNames.lower(name));
    }
}
