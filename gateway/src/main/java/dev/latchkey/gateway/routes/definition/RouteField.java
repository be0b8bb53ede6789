package dev.latchkey.gateway.routes.definition;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * One thing that a route says.
 *
 * @param name as the file would name it, sections before it with dots
 * @param value for comparison
 * @param shown for people and programs: text, a number, a boolean, or a list of texts
 */
public record RouteField(String name, Object value, Object shown) {

    public String text() {
        return text(shown);
    }

    /** What is shown of a value, on one line. */
    public static String text(Object shown) {
        return shown instanceof Collection<?> all
                ? all.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"))
                : String.valueOf(shown);
    }

    /** It holds what may be a secret. */
    @Override
    public String toString() {
        return name + ": " + text();
    }
}
