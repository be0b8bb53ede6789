package dev.latchkey.gateway.routes.definition.action;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that a route adds to the query. What the client sent stays before them, byte for byte, even a parameter of
 * the same name.
 *
 * @param added names and values, encoded
 */
public record QueryChanges(Map<String, String> added) {

    public static final QueryChanges NONE = new QueryChanges(Map.of());

    public QueryChanges {
        added = Collections.unmodifiableMap(new LinkedHashMap<>(added));
    }

    public boolean isEmpty() {
        return added.isEmpty();
    }

    /**
     * The query of the request to the backend.
     *
     * @param rawQuery still encoded, without the question mark; null if there is none
     */
    public @Nullable String applied(@Nullable String rawQuery) {
        if (added.isEmpty()) {
            return rawQuery;
        }
        StringBuilder query = new StringBuilder(rawQuery == null ? "" : rawQuery);
        added.forEach((name, value) -> query.append(query.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(value));
        return query.toString();
    }
}
