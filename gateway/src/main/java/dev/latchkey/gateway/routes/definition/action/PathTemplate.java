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

    /** Of a path that can be read in several ways, another such path may be made, but no host and no dot segment. */
    static boolean isAsClear(String made, String rawPath) {
        return made.startsWith("/")
                && !made.startsWith("//")
                && (RawPath.isUnambiguous(made)
                        || (!RawPath.isUnambiguous(rawPath)
                                && PathInterpretations.of(made).isPresent()));
    }
}
