package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.forwarding.ReservedHeaders;
import dev.latchkey.gateway.routes.definition.pattern.Expression;
import dev.latchkey.gateway.routes.definition.pattern.ValueCondition;
import dev.latchkey.gateway.routes.definition.pattern.ValueMatcher;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Field;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** Reads what a route requires of headers and of the query: a text, whether there is a value, or an expression. */
final class ConditionReader {

    private static final Set<String> KEYS = Set.of("present", "matches");
    private static final int MOST = 20;

    private final FieldReader match;

    ConditionReader(FieldReader match) {
        this.match = match;
    }

    List<ValueCondition> headers() {
        return read("headers", ConditionReader::isHeader);
    }

    List<ValueCondition> query() {
        return read("query", ConditionReader::isParameter);
    }

    private List<ValueCondition> read(String section, BiPredicate<FieldReader, Field> isName) {
        return Choices.mapping(match, section, MOST, "names")
                .map(names -> conditions(match.named(section, names), names, isName, section.equals("headers")))
                .orElse(List.of());
    }

    private static List<ValueCondition> conditions(
            FieldReader section, Fields fields, BiPredicate<FieldReader, Field> isName, boolean foldsCase) {
        List<ValueCondition> conditions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Field field : fields.entries()) {
            String name = foldsCase ? field.name().toLowerCase(Locale.ROOT) : field.name();
            if (!seen.add(name)) {
                section.wrong(name(field), field.name() + " appears twice");
            } else if (isName.test(section, field)) {
                test(section, field).ifPresent(matcher -> conditions.add(new ValueCondition(name, matcher)));
            }
        }
        return List.copyOf(conditions);
    }

    private static Scalar name(Field field) {
        return new Scalar(field.position(), field.name(), true);
    }

    private static boolean isHeader(FieldReader section, Field field) {
        if (!ReservedHeaders.isName(field.name())) {
            section.wrong(name(field), field.name() + " is not a header name");
            return false;
        }
        if (!ReservedHeaders.isFree(field.name())) {
            section.wrong(name(field), field.name() + " is not a route's to look at");
            return false;
        }
        return true;
    }

    private static boolean isParameter(FieldReader section, Field field) {
        boolean isName = !field.name().isEmpty() && field.name().length() <= 64;
        if (!isName) {
            section.wrong(name(field), "a name must have 1 to 64 characters");
        }
        return isName;
    }

    private static Optional<ValueMatcher> test(FieldReader section, Field field) {
        if (!(field.value() instanceof Fields inner)) {
            return section.text(field.name(), field.value()).map(text -> new ValueMatcher.Exact(text.value()));
        }
        Optional<FieldReader> condition = section.fields(field.name(), inner, KEYS);
        return inner.entries().size() == 1
                ? condition.flatMap(ConditionReader::test)
                : section.wrong(inner, field.name() + " must say either present or matches");
    }

    private static Optional<ValueMatcher> test(FieldReader condition) {
        Optional<ValueMatcher> present = condition
                .find("present")
                .flatMap(value -> condition.flag("present", value))
                .map(ValueMatcher.Present::new);
        return present.or(() -> condition.find("matches").flatMap(text -> fits(condition, text)));
    }

    private static Optional<ValueMatcher> fits(FieldReader condition, YamlNode value) {
        return condition.text("matches", value).flatMap(text -> fits(condition, text));
    }

    private static Optional<ValueMatcher> fits(FieldReader condition, Scalar text) {
        try {
            return Optional.of(new ValueMatcher.Fits(new Expression(text.value())));
        } catch (IllegalArgumentException e) {
            return condition.wrong(text, "matches " + e.getMessage());
        }
    }
}
