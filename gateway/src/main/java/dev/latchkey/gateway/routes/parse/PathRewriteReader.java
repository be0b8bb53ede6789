package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.routes.definition.action.PathRewrite;
import dev.latchkey.gateway.routes.definition.action.PathTemplate;
import dev.latchkey.gateway.routes.definition.action.Template;
import dev.latchkey.gateway.routes.definition.pattern.Expression;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads which path the backend sees: parts of the client's, always the same, or what an expression makes of it. */
final class PathRewriteReader {

    private static final int MOST_SEGMENTS = 20;
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/._~!$&'()*+,=:@%-]{0,1023}");
    private static final Set<String> TEMPLATE_KEYS = Set.of("matches", "to");

    private PathRewriteReader() {}

    /** What the route writes itself wins over what it inherits. */
    static PathRewrite read(FieldReader rewrite) {
        int strip = rewrite.find("strip-prefix")
                .flatMap(value -> rewrite.number("strip-prefix", value, MOST_SEGMENTS))
                .orElse(0);
        String add = path(rewrite, "add-prefix")
                .map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .orElse("");
        Optional<String> replacement = path(rewrite, "replace-path");
        Optional<PathTemplate> template = rewrite.find("path")
                .flatMap(value -> rewrite.fields("path", value, TEMPLATE_KEYS))
                .flatMap(PathRewriteReader::template);
        boolean ownParts = isOwn(rewrite, "strip-prefix") || isOwn(rewrite, "add-prefix");
        boolean ownReplacement = isOwn(rewrite, "replace-path");
        boolean ownTemplate = isOwn(rewrite, "path");
        refuse(rewrite, "replace-path", ownParts, "strip-prefix or add-prefix");
        refuse(rewrite, "path", ownParts || ownReplacement, "strip-prefix, add-prefix or replace-path");
        if (template.isPresent() && !ownParts && !ownReplacement) {
            return PathRewrite.by(template.get());
        }
        return replacement.isPresent() && !ownParts && !ownTemplate
                ? PathRewrite.to(replacement.get())
                : PathRewrite.parts(strip, add);
    }

    private static boolean isOwn(FieldReader rewrite, String name) {
        return rewrite.own(name).isPresent();
    }

    private static void refuse(FieldReader rewrite, String name, boolean isBeside, String others) {
        rewrite.own(name)
                .filter(unused -> isBeside)
                .ifPresent(value -> rewrite.wrong(value, name + " cannot stand beside " + others));
    }

    private static Optional<String> path(FieldReader rewrite, String name) {
        return rewrite.find(name)
                .flatMap(value -> rewrite.text(name, value))
                .flatMap(text -> path(rewrite, name, text));
    }

    private static Optional<String> path(FieldReader rewrite, String name, Scalar text) {
        return isPath(text.value())
                ? Optional.of(text.value())
                : rewrite.wrong(text, name + " must be an encoded path that begins with '/', such as /v2");
    }

    static boolean isPath(String text) {
        return PATH.matcher(text).matches() && RawPath.isUnambiguous(text);
    }

    private static Optional<PathTemplate> template(FieldReader path) {
        Optional<Expression> matches = path.require("matches", "write an expression such as /old/(.*)")
                .flatMap(value -> expression(path, value));
        Optional<YamlNode> to = path.require("to", "write a path such as /new/$1");
        return matches.flatMap(expression -> to.flatMap(value -> path.text("to", value))
                .flatMap(text -> template(path, "to", text, text.value(), expression.groups())
                        .filter(made -> isPath(made.filled("x"))
                                || path.wrong(text, "to must be an encoded path that begins with '/', such as /new/$1")
                                        .isPresent()))
                .map(made -> new PathTemplate(expression, made)));
    }

    /** An expression for a whole path. */
    static Optional<Expression> expression(FieldReader section, YamlNode value) {
        return section.text("matches", value).flatMap(text -> {
            try {
                return Optional.of(new Expression(text.value()));
            } catch (IllegalArgumentException e) {
                return section.wrong(text, "matches " + e.getMessage());
            }
        });
    }

    /** A text with groups, which may be part of what is written. */
    static Optional<Template> template(FieldReader section, String name, Scalar written, String text, int groups) {
        try {
            return Optional.of(Template.parse(text, groups));
        } catch (IllegalArgumentException e) {
            return section.wrong(written, name + " " + e.getMessage());
        }
    }
}
