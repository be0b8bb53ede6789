package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.routes.definition.PathRewrite;
import dev.latchkey.gateway.routes.definition.Rewrite;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads how requests and responses are changed. */
final class RewriteReader {

    private static final Set<String> KEYS =
            Set.of("strip-prefix", "add-prefix", "replace-path", "request-headers", "response-headers");
    private static final int MOST_SEGMENTS = 20;
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/._~!$&'()*+,=:@%-]{0,1023}");

    private RewriteReader() {}

    static Rewrite read(FieldReader route) {
        return route.find("rewrite")
                .flatMap(it -> route.fields("rewrite", it, KEYS))
                .map(RewriteReader::rewrite)
                .orElse(Rewrite.NONE);
    }

    private static Rewrite rewrite(FieldReader rewrite) {
        return new Rewrite(path(rewrite), HeaderChangesReader.request(rewrite), HeaderChangesReader.response(rewrite));
    }

    /** What the route writes itself wins over what it inherits. */
    private static PathRewrite path(FieldReader rewrite) {
        int strip = rewrite.find("strip-prefix")
                .flatMap(it -> rewrite.number("strip-prefix", it, MOST_SEGMENTS))
                .orElse(0);
        String add = path(rewrite, "add-prefix")
                .map(it -> it.endsWith("/") ? it.substring(0, it.length() - 1) : it)
                .orElse("");
        Optional<String> replacement = path(rewrite, "replace-path");
        boolean ownParts = isOwn(rewrite, "strip-prefix") || isOwn(rewrite, "add-prefix");
        if (replacement.isPresent() && ownParts && isOwn(rewrite, "replace-path")) {
            rewrite.find("replace-path")
                    .ifPresent(it -> rewrite.wrong(it, "replace-path cannot stand beside strip-prefix or add-prefix"));
        }
        return replacement.isPresent() && !ownParts
                ? new PathRewrite(0, "", replacement)
                : new PathRewrite(strip, add, Optional.empty());
    }

    private static boolean isOwn(FieldReader rewrite, String name) {
        return rewrite.own(name).isPresent();
    }

    private static Optional<String> path(FieldReader rewrite, String name) {
        return rewrite.find(name).flatMap(it -> rewrite.text(name, it)).flatMap(it -> path(rewrite, name, it));
    }

    private static Optional<String> path(FieldReader rewrite, String name, Scalar text) {
        boolean isPath = PATH.matcher(text.value()).matches() && RawPath.isUnambiguous(text.value());
        return isPath
                ? Optional.of(text.value())
                : rewrite.wrong(text, name + " must be an encoded path that begins with '/', such as /v2");
    }
}
