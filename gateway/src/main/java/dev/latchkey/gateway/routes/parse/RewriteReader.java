package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.HeaderDedupe;
import dev.latchkey.gateway.pipeline.forwarding.HeaderDedupe.Keep;
import dev.latchkey.gateway.pipeline.forwarding.ReservedHeaders;
import dev.latchkey.gateway.routes.definition.action.HostHeader;
import dev.latchkey.gateway.routes.definition.action.QueryChanges;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Field;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * Reads how requests and responses are changed: never a header of the gateway's own, nor to a value that could end a
 * header.
 */
final class RewriteReader {

    private static final Set<String> KEYS = Set.of(
            "strip-prefix",
            "add-prefix",
            "replace-path",
            "path",
            "add-query",
            "host",
            "request-headers",
            "response-headers");
    private static final int MOST_PARAMETERS = 20;
    private static final int LONGEST_PARAMETER = 64;
    private static final Pattern HOST = Pattern.compile(
            "(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}])(?::([1-9][0-9]{0,4}))?");
    private static final int LAST_PORT = 65_535;

    private static final Set<String> REQUEST_KEYS = Set.of("set", "remove", "pass");
    private static final Set<String> RESPONSE_KEYS = Set.of("set", "remove", "dedupe");
    private static final Map<String, Keep> KEEP = Map.of("first", Keep.FIRST, "last", Keep.LAST, "unique", Keep.UNIQUE);
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
                PathRewriteReader.read(rewrite),
                addQuery(rewrite),
                rewrite.find("host").flatMap(value -> host(rewrite, value)).orElse(HostHeader.BACKEND),
                headers(rewrite, "request-headers", REQUEST_KEYS),
                headers(rewrite, "response-headers", RESPONSE_KEYS));
    }

    /** A word, or a host, which has a dot or a port, so that a mistyped word is not taken for one. */
    private static Optional<HostHeader> host(FieldReader rewrite, YamlNode value) {
        return rewrite.text("host", value)
                .flatMap(text -> isHostChoice(text.value())
                        ? Optional.of(new HostHeader(text.value()))
                        : rewrite.wrong(text, "host must be keep, backend, or a host name with a dot or a port"));
    }

    private static boolean isHostChoice(String text) {
        Matcher host = HOST.matcher(text);
        return text.equals(HostHeader.KEEP.text())
                || text.equals(HostHeader.BACKEND.text())
                || (text.matches(".*[.:].*")
                        && host.matches()
                        && MatchReader.isAddressInBrackets(text)
                        && isPort(host.group(1)));
    }

    private static boolean isPort(@Nullable String number) {
        return number == null || Integer.parseInt(number) <= LAST_PORT;
    }

    private static QueryChanges addQuery(FieldReader rewrite) {
        Map<String, String> added = new LinkedHashMap<>();
        Choices.mapping(rewrite, "add-query", MOST_PARAMETERS, "names to values")
                .ifPresent(fields -> {
                    FieldReader named = rewrite.named("add-query", fields);
                    fields.entries().forEach(field -> add(named, field, added));
                });
        return new QueryChanges(added);
    }

    private static void add(FieldReader named, Field field, Map<String, String> added) {
        String name = UriUtils.encode(field.name(), StandardCharsets.UTF_8);
        if (field.name().isBlank() || field.name().length() > LONGEST_PARAMETER) {
            named.wrong(nameOf(field), "a name must have 1 to " + LONGEST_PARAMETER + " characters");
        } else if (added.containsKey(name)) {
            named.wrong(nameOf(field), field.name() + " appears twice");
        } else {
            named.text(field.name(), field.value())
                    .ifPresent(value -> added.put(name, UriUtils.encode(value.value(), StandardCharsets.UTF_8)));
        }
    }

    private static Scalar nameOf(Field field) {
        return new Scalar(field.position(), field.name(), true);
    }

    private static HeaderChanges headers(FieldReader rewrite, String section, Set<String> keys) {
        return rewrite.find(section)
                .flatMap(node -> rewrite.fields(section, node, keys))
                .map(changes -> new HeaderChanges(
                        values(changes, "set"),
                        names(changes, "remove", RewriteReader::isFree),
                        names(changes, "pass", RewriteReader::isHeldBack),
                        dedupe(changes)))
                .orElse(HeaderChanges.NONE);
    }

    private static List<HeaderDedupe> dedupe(FieldReader changes) {
        List<HeaderDedupe> all = new ArrayList<>();
        Choices.mapping(changes, "dedupe", MOST_HEADERS, "names to first, last or unique")
                .ifPresent(fields -> {
                    FieldReader named = changes.named("dedupe", fields);
                    fields.entries().forEach(field -> dedupe(named, field, all));
                });
        return all;
    }

    private static void dedupe(FieldReader named, Field field, List<HeaderDedupe> all) {
        String name = field.name().toLowerCase(Locale.ROOT);
        if (all.stream().anyMatch(other -> other.name().equals(name))) {
            named.wrong(nameOf(field), field.name() + " appears twice");
        } else if (isFree(named, nameOf(field))) {
            Choices.oneOf(named, field.name(), field.value(), KEEP)
                    .ifPresent(keep -> all.add(new HeaderDedupe(name, keep)));
        }
    }

    /** Headers with their values, if the field is there; names in lower case. */
    static Map<String, String> values(FieldReader changes, String key) {
        Map<String, String> set = new TreeMap<>();
        Optional<Fields> fields = Choices.mapping(changes, key, MOST_HEADERS, "names to values");
        if (fields.isEmpty()) {
            return set;
        }
        FieldReader named = changes.named(key, fields.get());
        for (Field field : fields.get().entries()) {
            Scalar name = nameOf(field);
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
