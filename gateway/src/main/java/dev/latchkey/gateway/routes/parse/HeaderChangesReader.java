package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.forwarding.ReservedHeaders;
import dev.latchkey.gateway.routes.definition.HeaderChanges;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Field;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads which headers a route changes: never the gateway's own, nor a value that could end a header. */
final class HeaderChangesReader {

    private static final Set<String> REQUEST_KEYS = Set.of("set", "remove", "pass");
    private static final Set<String> RESPONSE_KEYS = Set.of("set", "remove");
    private static final int MOST = 50;
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,1022}[\\x21-\\x7e])?");

    private HeaderChangesReader() {}

    static HeaderChanges request(FieldReader rewrite) {
        return read(rewrite, "request-headers", REQUEST_KEYS);
    }

    static HeaderChanges response(FieldReader rewrite) {
        return read(rewrite, "response-headers", RESPONSE_KEYS);
    }

    private static HeaderChanges read(FieldReader rewrite, String section, Set<String> keys) {
        return rewrite.find(section)
                .flatMap(it -> rewrite.fields(section, it, keys))
                .map(it -> new HeaderChanges(set(it), remove(it), pass(it)))
                .orElse(HeaderChanges.NONE);
    }

    private static Map<String, String> set(FieldReader changes) {
        Map<String, String> set = new TreeMap<>();
        Optional<YamlNode> value = changes.find("set");
        if (value.isEmpty()) {
            return set;
        }
        if (!(value.get() instanceof Fields fields)
                || fields.entries().isEmpty()
                || fields.entries().size() > MOST) {
            changes.wrong(value.get(), "set must be a mapping of 1 to " + MOST + " names to values");
            return set;
        }
        FieldReader named = changes.named("set", fields);
        for (Field field : fields.entries()) {
            Scalar name = new Scalar(field.position(), field.name(), true);
            if (set.keySet().stream().anyMatch(it -> ReservedHeaders.areSame(it, field.name()))) {
                named.wrong(name, field.name() + " appears twice");
            } else if (isFree(named, name)) {
                value(named, field).ifPresent(it -> set.put(field.name().toLowerCase(Locale.ROOT), it));
            }
        }
        return set;
    }

    private static Optional<String> value(FieldReader named, Field field) {
        return named.text(field.name(), field.value())
                .filter(it -> VALUE.matcher(it.value()).matches()
                        || named.wrong(it, field.name() + " must be printable ASCII without spaces at its ends")
                                .isPresent())
                .map(Scalar::value);
    }

    private static List<String> remove(FieldReader changes) {
        return changes.find("remove").flatMap(it -> changes.texts("remove", it)).orElse(List.of()).stream()
                .filter(it -> isFree(changes, it))
                .map(Scalar::value)
                .toList();
    }

    private static List<String> pass(FieldReader changes) {
        return changes.find("pass").flatMap(it -> changes.texts("pass", it)).orElse(List.of()).stream()
                .filter(it -> isHeldBack(changes, it))
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
