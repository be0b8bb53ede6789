package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * Which lines stay of a header that a response has several of.
 *
 * @param name in lower case
 */
public record HeaderDedupe(String name, Keep keep) {

    /** Which of the lines stay. */
    public enum Keep {
        FIRST,
        LAST,
        /** One of each value, in the order in which they first appear. */
        UNIQUE
    }

    void apply(MutableHeaderFields response) {
        List<String> values = response.all(name);
        List<String> kept = kept(values);
        if (kept.size() < values.size()) {
            response.remove(name);
            kept.forEach(value -> response.add(name, value));
        }
    }

    private List<String> kept(List<String> values) {
        if (values.size() < 2) {
            return values;
        }
        return switch (keep) {
            case FIRST -> values.subList(0, 1);
            case LAST -> values.subList(values.size() - 1, values.size());
            case UNIQUE -> List.copyOf(new LinkedHashSet<>(values));
        };
    }

    @Override
    public String toString() {
        return name + " " + keep.name().toLowerCase(Locale.ROOT);
    }
}
