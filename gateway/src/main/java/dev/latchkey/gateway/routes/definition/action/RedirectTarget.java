package dev.latchkey.gateway.routes.definition.action;

import dev.latchkey.gateway.pipeline.paths.PercentEncoding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a redirect leads. A group's value is encoded where it stands and can become neither a host nor a second
 * parameter.
 *
 * @param origin such as {@code https://shop.example}; empty: this host
 * @param path empty: none is written
 */
public record RedirectTarget(String origin, Template path, Optional<Template> query) {

    boolean isOnThisHost() {
        return origin.isEmpty();
    }

    /** The path with {@code x} for every group. */
    public String sample() {
        return path.filled("x");
    }

    /** Empty if the path would begin with two slashes or could be read in more ways than the client's. */
    Optional<String> filled(List<String> groups, String rawPath, @Nullable String clientQuery) {
        String filled = path.filled(groups, value -> PercentEncoding.complete(value, PercentEncoding.PATH));
        String place = filled.isEmpty() ? "/" : filled;
        return PathTemplate.isAsClear(place, rawPath)
                ? Optional.of(origin + place + query(groups, clientQuery))
                : Optional.empty();
    }

    private String query(List<String> groups, @Nullable String clientQuery) {
        String own = query.map(template ->
                        template.filled(groups, value -> PercentEncoding.complete(value, PercentEncoding.PARAMETER)))
                .orElse("");
        String kept = clientQuery == null ? "" : PercentEncoding.complete(clientQuery, PercentEncoding.QUERY);
        String both = own.isEmpty() || kept.isEmpty() ? own + kept : own + "&" + kept;
        return both.isEmpty() ? "" : "?" + both;
    }

    /** As the file has it. */
    @Override
    public String toString() {
        return origin + path + query.map(template -> "?" + template).orElse("");
    }
}
