package dev.latchkey.gateway.routes;

import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/**
 * Headers that a route sets or removes.
 *
 * @param set with their values, in place of what is there
 * @param remove by name
 */
record HeaderChanges(Map<String, String> set, List<String> remove) {

    static final HeaderChanges NONE = new HeaderChanges(Map.of(), List.of());

    HeaderChanges {
        set = Map.copyOf(set);
        remove = List.copyOf(remove);
    }

    boolean isEmpty() {
        return set.isEmpty() && remove.isEmpty();
    }

    /** The headers with the changes; the given ones are left alone. */
    HttpHeaders applied(HttpHeaders headers) {
        HttpHeaders changed = new HttpHeaders();
        changed.addAll(headers);
        remove.forEach(changed::remove);
        set.forEach(changed::set);
        return changed;
    }
}
