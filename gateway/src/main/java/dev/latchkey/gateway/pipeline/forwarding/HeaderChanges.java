package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Headers that a route sets, removes or passes on. Names are compared as some backends fold them: {@code X_Tenant} is
 * {@code X-Tenant}.
 *
 * @param set names and values, instead of existing ones
 * @param remove names
 * @param pass names of the client's headers that would otherwise be held back
 * @param dedupe headers of which only some lines stay
 */
public record HeaderChanges(
        Map<String, String> set, List<String> remove, List<String> pass, List<HeaderDedupe> dedupe) {

    /** The key under which a route's metadata hold its changes to requests. */
    public static final String REQUEST_KEY = "latchkey.request-headers";

    /** The key under which a route's metadata hold its changes to responses. */
    public static final String RESPONSE_KEY = "latchkey.response-headers";

    public static final HeaderChanges NONE = new HeaderChanges(Map.of(), List.of(), List.of());

    public HeaderChanges {
        set = Map.copyOf(set);
        remove = List.copyOf(remove);
        pass = List.copyOf(pass);
        dedupe = List.copyOf(dedupe);
    }

    public HeaderChanges(Map<String, String> set, List<String> remove, List<String> pass) {
        this(set, remove, pass, List.of());
    }

    /** What a route's metadata hold under one of the keys. */
    public static HeaderChanges of(Map<String, Object> metadata, String key) {
        return metadata.get(key) instanceof HeaderChanges changes ? changes : NONE;
    }

    public boolean isEmpty() {
        return set.isEmpty() && remove.isEmpty() && pass.isEmpty() && dedupe.isEmpty();
    }

    /** Whether a message's own line of this name goes. */
    boolean replaces(CharSequence name) {
        return isOneOf(remove, name) || isOneOf(set.keySet(), name);
    }

    boolean passes(CharSequence name) {
        return isOneOf(pass, name);
    }

    private static boolean isOneOf(Collection<String> headers, CharSequence name) {
        if (headers.isEmpty()) {
            return false;
        }
        for (String header : headers) {
            if (ReservedHeaders.areSame(header, name)) {
                return true;
            }
        }
        return false;
    }

    /** Leaves one line of those headers that a response shall not have twice, or each value once. */
    void dedupeIn(MutableHeaderFields response) {
        if (!dedupe.isEmpty()) {
            dedupe.forEach(each -> each.apply(response));
        }
    }

    /** Sets what the route sets; what it replaces must be gone. */
    void addTo(MutableHeaderFields fields) {
        if (!set.isEmpty()) {
            set.forEach(fields::set);
        }
    }
}
