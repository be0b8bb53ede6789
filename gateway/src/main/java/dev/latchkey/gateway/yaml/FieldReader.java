package dev.latchkey.gateway.yaml;

import dev.latchkey.gateway.yaml.YamlNode.Field;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Refused;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads named fields of a mapping and reports what is missing, unknown, duplicate, or of another type. */
public final class FieldReader {

    private static final int LONGEST_TEXT = 1024;
    private static final int MOST_ITEMS = 100;
    private static final int LONGEST_NAME = 40;

    private final Fields fields;
    private final String subject;
    private final String prefix;
    private final Faults faults;

    /**
     * Checks the names at once.
     *
     * @param subject whose fields these are, for messages: ends in a colon and a space, or is empty
     * @param prefix before each field's name in messages
     */
    public FieldReader(Fields fields, String subject, String prefix, Set<String> known, Faults faults) {
        this(fields, subject, prefix, faults);
        checkNames(known);
    }

    private FieldReader(Fields fields, String subject, String prefix, Faults faults) {
        this.fields = fields;
        this.subject = subject;
        this.prefix = prefix;
        this.faults = faults;
    }

    private void checkNames(Set<String> known) {
        Set<String> seen = new HashSet<>();
        for (Field field : fields.entries()) {
            Optional<String> renamed = RenamedKeys.newName(field.name()).filter(known::contains);
            if (renamed.isPresent()) {
                fault(
                        field.position(),
                        "'" + prefix + field.name() + "' is called '" + prefix + renamed.get() + "' now");
            } else if (!known.contains(field.name())) {
                String names = String.join(", ", known.stream().sorted().toList());
                fault(field.position(), "unknown key '" + prefix + shown(field.name()) + "'; known here: " + names);
            } else if (!seen.add(field.name())) {
                fault(field.position(), "duplicate key '" + prefix + field.name() + "'");
            }
        }
    }

    /** A hash or a token that was written as a key must not reach the log. */
    private static String shown(String name) {
        return name.length() > LONGEST_NAME || name.contains("$") ? "(not shown)" : name;
    }

    /** The value, if there is one. */
    public Optional<YamlNode> find(String name) {
        return first(field -> field.name().equals(name));
    }

    /** The value, if it is written here and not inherited. */
    public Optional<YamlNode> own(String name) {
        return first(field -> field.name().equals(name) && !field.inherited());
    }

    private Optional<YamlNode> first(Predicate<Field> which) {
        return fields.entries().stream().filter(which).findFirst().map(Field::value);
    }

    /** The value, or a fault that says what to write. */
    public Optional<YamlNode> require(String name, String advice) {
        Optional<YamlNode> value = find(name);
        if (value.isEmpty()) {
            fault(fields.position(), prefix + name + " is missing; " + advice);
        }
        return value;
    }

    /** A mapping's fields. */
    public Optional<FieldReader> fields(String name, YamlNode value, Set<String> known) {
        if (value instanceof Fields inner) {
            return Optional.of(new FieldReader(inner, subject, prefix + name + ".", known, faults));
        }
        return wrong(
                value,
                name + " must be a mapping with keys "
                        + String.join(", ", known.stream().sorted().toList()));
    }

    /** A mapping's fields, whose names the writer chose; they are not checked. */
    public FieldReader named(String name, Fields value) {
        return new FieldReader(value, subject, prefix + name + ".", faults);
    }

    /** Text of at most 1,024 characters. */
    public Optional<Scalar> text(String name, YamlNode value) {
        return text(name, value, LONGEST_TEXT);
    }

    /** Text of at most so many characters. */
    public Optional<Scalar> text(String name, YamlNode value, int most) {
        if (!(value instanceof Scalar scalar)) {
            return wrong(value, name + " must be text");
        }
        if (!scalar.isText() || scalar.value().isBlank()) {
            return wrong(value, name + " must be text; put it in quotes if it looks like something else");
        }
        return scalar.value().length() > most ? wrong(value, name + " is too long") : Optional.of(scalar);
    }

    /** {@code true} or {@code false}. */
    public Optional<Boolean> flag(String name, YamlNode value) {
        boolean isFlag = value instanceof Scalar scalar
                && !scalar.isText()
                && (scalar.value().equals("true") || scalar.value().equals("false"));
        return isFlag
                ? Optional.of(Boolean.valueOf(((Scalar) value).value()))
                : wrong(value, name + " must be true or false");
    }

    /** A whole number from 0 to the most. */
    public Optional<Integer> number(String name, YamlNode value, int most) {
        boolean isNumber = value instanceof Scalar scalar
                && !scalar.isText()
                && scalar.value().matches("[0-9]{1,9}")
                && Integer.parseInt(scalar.value()) <= most;
        return isNumber
                ? Optional.of(Integer.valueOf(((Scalar) value).value()))
                : wrong(value, name + " must be a whole number from 0 to " + most);
    }

    /** A list of text without duplicates, not empty; nothing if one item is wrong. */
    public Optional<List<Scalar>> texts(String name, YamlNode value) {
        if (!(value instanceof Items items)
                || items.values().isEmpty()
                || items.values().size() > MOST_ITEMS) {
            return wrong(value, name + " must be a list of 1 to " + MOST_ITEMS + " texts");
        }
        List<Scalar> texts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (YamlNode item : items.values()) {
            text(name, item).filter(scalar -> isFirst(name, scalar, seen)).ifPresent(texts::add);
        }
        return texts.size() == items.values().size() ? Optional.of(List.copyOf(texts)) : Optional.empty();
    }

    private boolean isFirst(String name, Scalar text, Set<String> seen) {
        boolean first = seen.add(text.value());
        if (!first) {
            fault(text.position(), prefix + name + " names '" + text.value() + "' twice");
        }
        return first;
    }

    /** Reports that a value cannot be used, unless that was reported before. */
    public <T> Optional<T> wrong(YamlNode value, String message) {
        if (!(value instanceof Refused)) {
            fault(value.position(), prefix + message);
        }
        return Optional.empty();
    }

    private void fault(Position position, String message) {
        faults.add(position, subject + message);
    }
}
