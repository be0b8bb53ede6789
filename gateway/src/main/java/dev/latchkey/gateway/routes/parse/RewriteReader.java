package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.ReservedHeaders;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.routes.definition.PathRewrite;
import dev.latchkey.gateway.routes.definition.Rewrite;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode.Field;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Reads how requests and responses are changed: never a header of the gateway's own, nor to a value that could end a
 * header.
 */
final class RewriteReader {

    private static final Set<String> KEYS =
            Set.of("strip-prefix", "add-prefix", "replace-path", "request-headers", "response-headers");
    private static final int MOST_SEGMENTS = 20;
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/._~!$&'()*+,=:@%-]{0,1023}");

    private static final Set<String> REQUEST_KEYS = Set.of("set", "remove", "pass");
    private static final Set<String> RESPONSE_KEYS = Set.of("set", "remove");
    private static final int MOST_HEADERS = 50;
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,1022}[\\x21-\\x7e])?");

    private RewriteReader() {}

    static Rewrite read(FieldReader route) {
        return route.find("rewrite")
                .flatMap(node -> route.fields("rewrite", node, KEYS))
                .map(RewriteReader::rewrite)
                .orElse(Rewrite.NONE);
    }

    private static Rewrite rewrite(FieldReader rewrite) {
        return new Rewrite(
                path(rewrite),
                headers(rewrite, "request-headers", REQUEST_KEYS),
                headers(rewrite, "response-headers", RESPONSE_KEYS));
    }

    /** What the route writes itself wins over what it inherits. */
    private static PathRewrite path(FieldReader rewrite) {
        int strip = rewrite.find("strip-prefix")
                .flatMap(value -> rewrite.number("strip-prefix", value, MOST_SEGMENTS))
                .orElse(0);
        String add = path(rewrite, "add-prefix")
                .map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .orElse("");
        Optional<String> replacement = path(rewrite, "replace-path");
        boolean ownParts = isOwn(rewrite, "strip-prefix") || isOwn(rewrite, "add-prefix");
        if (replacement.isPresent() && ownParts && isOwn(rewrite, "replace-path")) {
            rewrite.find("replace-path")
                    .ifPresent(value ->
                            rewrite.wrong(value, "replace-path cannot stand beside strip-prefix or add-prefix"));
        }
        return replacement.isPresent() && !ownParts
                ? new PathRewrite(0, "", replacement)
                : new PathRewrite(strip, add, Optional.empty());
    }

    private static boolean isOwn(FieldReader rewrite, String name) {
        return rewrite.own(name).isPresent();
    }

    private static Optional<String> path(FieldReader rewrite, String name) {
        return rewrite.find(name)
                .flatMap(value -> rewrite.text(name, value))
                .flatMap(text -> path(rewrite, name, text));
    }

    private static Optional<String> path(FieldReader rewrite, String name, Scalar text) {
        boolean isPath = PATH.matcher(text.value()).matches() && RawPath.isUnambiguous(text.value());
        return isPath
                ? Optional.of(text.value())
                : rewrite.wrong(text, name + " must be an encoded path that begins with '/', such as /v2");
    }

    private static HeaderChanges headers(FieldReader rewrite, String section, Set<String> keys) {
        return rewrite.find(section)
                .flatMap(node -> rewrite.fields(section, node, keys))
                .map(changes -> new HeaderChanges(
                        set(changes),
                        names(changes, "remove", RewriteReader::isFree),
                        names(changes, "pass", RewriteReader::isHeldBack)))
                .orElse(HeaderChanges.NONE);
    }

    private static Map<String, String> set(FieldReader changes) {
        Map<String, String> set = new TreeMap<>();
        Optional<Fields> fields = Choices.mapping(changes, "set", MOST_HEADERS, "names to values");
        if (fields.isEmpty()) {
            return set;
        }
        FieldReader named = changes.named("set", fields.get());
        for (Field field : fields.get().entries()) {
            Scalar name = new Scalar(field.position(), field.name(), true);
            if (set.keySet().stream().anyMatch(other -> ReservedHeaders.areSame(other, field.name()))) {
                named.wrong(name, field.name() + " appears twice");
            } else if (isFree(named, name)) {
                value(named, field).ifPresent(value -> set.put(field.name().toLowerCase(Locale.ROOT), value));
            }
        }
        return set;
    }

    private static Optional<String> value(FieldReader named, Field field) {
        return named.text(field.name(), field.value())
                .filter(text -> HEADER_VALUE.matcher(text.value()).matches()
                        || named.wrong(text, field.name() + " must be printable ASCII without spaces at its ends")
                                .isPresent())
                .map(Scalar::value);
    }

    private static List<String> names(FieldReader changes, String key, BiPredicate<FieldReader, Scalar> isAllowed) {
        return changes.find(key).flatMap(value -> changes.texts(key, value)).orElse(List.of()).stream()
                .filter(name -> isAllowed.test(changes, name))
                .map(Scalar::value)
                .toList();
    }

    private static boolean isHeldBack(FieldReader changes, Scalar name) {
        boolean isHeldBack = ReservedHeaders.isName(name.value()) && ReservedHeaders.overridesRequest(name.value());
        if (!isHeldBack) {
            changes.wrong(name, name.value() + " is not held back; pass is for X-HTTP-Method-Override and the like");
        }
        return isHeldBack;
    }

    private static boolean isFree(FieldReader changes, Scalar name) {
        if (!ReservedHeaders.isName(name.value())) {
            changes.wrong(name, name.value() + " is not a header name");
            return false;
        }
        if (!ReservedHeaders.isFree(name.value())) {
            changes.wrong(name, name.value() + " is not a route's to change");
            return false;
        }
        return true;
    }
}
