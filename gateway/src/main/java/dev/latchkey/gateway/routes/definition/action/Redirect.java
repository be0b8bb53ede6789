package dev.latchkey.gateway.routes.definition.action;

import dev.latchkey.gateway.pipeline.paths.PercentEncoding;
import dev.latchkey.gateway.routes.definition.pattern.Expression;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A redirect to another place (RFC 9110 section 15.4). Scheme and host of the new place are the file's, whatever the
 * client sends.
 *
 * @param status 301, 302, 303, 307 or 308
 * @param matches must match the whole path, as in {@link PathTemplate}
 * @param to may name groups of that expression
 * @param query what becomes of the client's query
 */
public record Redirect(int status, Optional<Expression> matches, RedirectTarget to, QueryHandling query)
        implements RouteAnswer {

    /** What becomes of the client's query. */
    public enum QueryHandling {
        /** It follows that of the target, if there is one. */
        KEEP,
        DROP
    }

    @Override
    public String key() {
        return "redirect";
    }

    @Override
    public String summary() {
        return "redirect " + status + " to " + to;
    }

    /**
     * The value of {@code Location} for a request.
     *
     * @param rawQuery still encoded; null if there is none
     * @param prefix under which clients see this host, for a target on it; empty if there is none
     * @return empty if the expression does not match the path or the path is too long for it, or if what its groups
     *     matched would lead elsewhere
     */
    public Optional<String> location(String rawPath, @Nullable String rawQuery, String prefix) {
        return groups(rawPath)
                .flatMap(groups -> to.filled(groups, rawPath, query == QueryHandling.KEEP ? rawQuery : null))
                .map(place -> to.isOnThisHost() ? prefix + place : place);
    }

    /** Whether its own target would be redirected again, if the route matches it. */
    public boolean leadsToItself() {
        return to.isOnThisHost() && location(to.sample(), null, "").isPresent();
    }

    private Optional<List<String>> groups(String rawPath) {
        return matches.isEmpty() ? Optional.of(List.of()) : matches.get().groups(PercentEncoding.normalized(rawPath));
    }
}
