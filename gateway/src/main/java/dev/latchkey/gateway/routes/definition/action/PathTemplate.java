package dev.latchkey.gateway.routes.definition.action;

import dev.latchkey.gateway.pipeline.paths.PathInterpretations;
import dev.latchkey.gateway.pipeline.paths.PercentEncoding;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.routes.definition.pattern.Expression;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A path that is made of another one. Both are encoded. What a group matched stays as it was sent, except that letters,
 * digits and {@code -._~} are decoded: a path means the same either way (RFC 3986 section 6.2.2.2), and a client must
 * not choose whether the expression matches.
 *
 * @param matches must match the whole path
 * @param to begins with a slash
 */
public record PathTemplate(Expression matches, Template to) {

    /**
     * The new path; the same path if the expression does not match it.
     *
     * @return empty if the path is too long for the expression, or if servers could read the new path in more than one
     *     way, but not the old one
     */
    public Optional<String> applied(String rawPath) {
        String path = PercentEncoding.normalized(rawPath);
        if (!matches.accepts(path)) {
            return Optional.empty();
        }
        Optional<List<String>> groups = matches.groups(path);
        return groups.isEmpty()
                ? Optional.of(rawPath)
                : groups.map(found -> to.filled(found, UnaryOperator.identity()))
                        .filter(made -> isAsClear(made, rawPath));
    }

    /**
     * A path that can be read in one way only must not become one that can be read in several, and none may become a
     * host or hold a dot segment.
     */
    static boolean isAsClear(String made, String rawPath) {
        return made.startsWith("/")
                && !made.startsWith("//")
                && (RawPath.isUnambiguous(made)
                        || (!RawPath.isUnambiguous(rawPath)
                                && PathInterpretations.of(made).isPresent()));
    }
}
