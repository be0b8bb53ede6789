package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.forwarding.ReservedHeaders;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/**
 * Headers that a route sets, removes or passes on. Names are compared as a backend could fold them: {@code X_Tenant} is
 * {@code X-Tenant}.
 *
 * @param set with their values, in place of what is there
 * @param remove by name
 * @param pass the client's that would else be held back
 */
public record HeaderChanges(Map<String, String> set, List<String> remove, List<String> pass) {

    public static final HeaderChanges NONE = new HeaderChanges(Map.of(), List.of(), List.of());

    public HeaderChanges {
        set = Map.copyOf(set);
        remove = List.copyOf(remove);
        pass = List.copyOf(pass);
    }

    boolean isEmpty() {
        return set.isEmpty() && remove.isEmpty() && pass.isEmpty();
    }

    /** The headers with the changes; the given ones are left alone. */
    public HttpHeaders applied(HttpHeaders headers) {
        HttpHeaders changed = new HttpHeaders();
        headers.forEach((name, values) -> {
            if (!isChanged(name)) {
                changed.addAll(name, values);
            }
        });
        set.forEach(changed::set);
        return changed;
    }

    private boolean isChanged(String name) {
        return remove.stream().anyMatch(it -> ReservedHeaders.areSame(it, name))
                || set.keySet().stream().anyMatch(it -> ReservedHeaders.areSame(it, name));
    }
}
