package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.forwarding.ReservedHeaders;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/**
 * Headers that a route sets, removes or passes on. Names are compared as some backends fold them: {@code X_Tenant} is
 * {@code X-Tenant}.
 *
 * @param set names and values, instead of existing ones
 * @param remove names
 * @param pass names of the client's headers that would otherwise be held back
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

    /** A changed copy of the headers. */
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
        return remove.stream().anyMatch(header -> ReservedHeaders.areSame(header, name))
                || set.keySet().stream().anyMatch(header -> ReservedHeaders.areSame(header, name));
    }
}
