package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.routes.definition.action.Redirect;
import dev.latchkey.gateway.routes.definition.action.Redirect.QueryHandling;
import dev.latchkey.gateway.routes.definition.action.RedirectTarget;
import dev.latchkey.gateway.routes.definition.action.RouteAnswer;
import dev.latchkey.gateway.routes.definition.action.Template;
import dev.latchkey.gateway.routes.definition.pattern.Expression;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where a route redirects to: scheme and host are literals, groups may stand in path and query. */
final class RedirectReader {

    private static final Set<String> KEYS = Set.of("to", "status", "matches", "query");

    /** Browsers keep a 301 or 308 without limit, so it must be asked for. */
    private static final int FOUND = 302;

    private static final Map<String, Integer> STATUSES =
            Map.of("301", 301, "302", 302, "303", 303, "307", 307, "308", 308);
    private static final Map<String, QueryHandling> QUERY =
            Map.of("keep", QueryHandling.KEEP, "drop", QueryHandling.DROP);

    private static final Pattern TARGET = Pattern.compile("([a-z]+://[^/?#]*)?([^?#]*)(?:\\?([^#]*))?");
    private static final Pattern QUERY_TEXT =
            Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}){0,1023}");

    private RedirectReader() {}

    static Optional<RouteAnswer> read(FieldReader route, YamlNode value) {
        return route.fields("redirect", value, KEYS).flatMap(RedirectReader::redirect);
    }

    private static Optional<RouteAnswer> redirect(FieldReader redirect) {
        int status = Choices.wordOf(redirect, "status", STATUSES).orElse(FOUND);
        QueryHandling query = Choices.oneOf(redirect, "query", QUERY).orElse(QueryHandling.KEEP);
        Optional<YamlNode> written = redirect.find("matches");
        Optional<Expression> matches = written.flatMap(value -> PathRewriteReader.expression(redirect, value));
        Optional<Scalar> to = redirect.require("to", "write https:// and a host, or a path on this host")
                .flatMap(value -> redirect.text("to", value));
        int groups = matches.map(Expression::groups).orElse(0);
        return written.isPresent() && matches.isEmpty()
                ? Optional.empty()
                : to.flatMap(text -> target(redirect, text, groups))
                        .map(target -> new Redirect(status, matches, target, query));
    }

    private static Optional<RedirectTarget> target(FieldReader redirect, Scalar text, int groups) {
        Matcher parts = TARGET.matcher(text.value());
        if (!parts.matches()) {
            return redirect.wrong(text, "to must hold no fragment ('#')");
        }
        Optional<String> origin = Optional.ofNullable(parts.group(1));
        Optional<String> normal = origin.flatMap(CorsRule::origin);
        if (origin.isPresent() && normal.isEmpty()) {
            return redirect.wrong(
                    text,
                    "to must begin with http:// or https:// and a host without groups, then a '/', or with a path");
        }
        Optional<Template> path = template(redirect, text, parts.group(2), groups);
        Optional<Template> query =
                Optional.ofNullable(parts.group(3)).flatMap(part -> template(redirect, text, part, groups));
        if (path.isEmpty() || (parts.group(3) != null && query.isEmpty())) {
            return Optional.empty();
        }
        boolean isPath = PathRewriteReader.isPath(path.get().filled("x"))
                || (origin.isPresent() && parts.group(2).isEmpty());
        if (!isPath) {
            return redirect.wrong(text, "to needs an encoded path that begins with one '/', such as /new/$1");
        }
        return query.map(part -> part.filled("x"))
                        .filter(part -> !QUERY_TEXT.matcher(part).matches())
                        .isPresent()
                ? redirect.wrong(text, "to needs an encoded query, such as ?id=$1")
                : Optional.of(new RedirectTarget(normal.orElse(""), path.get(), query));
    }

    private static Optional<Template> template(FieldReader redirect, Scalar text, String part, int groups) {
        return PathRewriteReader.template(redirect, "to", text, part, groups);
    }
}
