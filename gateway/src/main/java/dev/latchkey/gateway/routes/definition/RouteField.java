package dev.latchkey.gateway.routes.definition;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * One field of a route.
 *
 * @param name as in the file, with its sections, separated by dots
 * @param value to compare
 * @param shown for people and programs: text, a number, a boolean, or a list of texts
 */
public record RouteField(String name, Object value, Object shown) {

    public String text() {
        return text(shown);
    }

    public static String text(Object shown) {
        return shown instanceof Collection<?> all
                ? all.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"))
                : String.valueOf(shown);
    }

    /** The value may be a secret. */
    @Override
    public String toString() {
        return name + ": " + text();
    }
}
