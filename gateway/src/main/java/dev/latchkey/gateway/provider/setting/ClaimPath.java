package dev.latchkey.gateway.provider.setting;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds a claim by a path such as {@code realm_access.roles}. A claim whose own name has dots, such as
 * {@code https://shop.example/roles}, goes before one that is nested.
 */
public final class ClaimPath {

    private ClaimPath() {}

    /** The claim at this path, if there is one. */
    public static Optional<Object> find(Map<String, Object> claims, String path) {
        Object whole = claims.get(path);
        if (whole != null) {
            return Optional.of(whole);
        }
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
            Optional<Object> inner = nested(claims.get(path.substring(0, dot)), path.substring(dot + 1));
            if (inner.isPresent()) {
                return inner;
            }
        }
        return Optional.empty();
    }

    private static Optional<Object> nested(@Nullable Object value, String path) {
        return value instanceof Map<?, ?> map ? find(cast(map), path) : Optional.empty();
    }

    @SuppressWarnings("unchecked") // the keys of a JSON object are texts
    private static Map<String, Object> cast(Map<?, ?> object) {
        return (Map<String, Object>) object;
    }

    /** A text that is not blank. */
    public static Optional<String> text(Map<String, Object> claims, String path) {
        return find(claims, path)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isBlank());
    }

    /** A list of texts, or one text; empty if it is neither. A claim that is not there is a list of none. */
    public static Optional<List<String>> texts(Map<String, Object> claims, String path) {
        Object value = path.isEmpty() ? List.of() : find(claims, path).orElse(List.of());
        if (value instanceof String text) {
            return Optional.of(List.of(text));
        }
        boolean isList = value instanceof Collection<?> all && all.stream().allMatch(String.class::isInstance);
        return isList
                ? Optional.of(
                        ((Collection<?>) value).stream().map(String.class::cast).toList())
                : Optional.empty();
    }
}
