package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads values that are one of a few, and sections that may be off. */
final class Choices {

    private static final int MOST_ITEMS = 100;

    private Choices() {}

    /** Whether a section is switched off, although the defaults have it. */
    static boolean isOff(YamlNode value) {
        return value instanceof Scalar scalar && scalar.value().equals("off");
    }

    /** A section's fields, if it is there and not off. */
    static Optional<FieldReader> section(FieldReader fields, String name, Set<String> keys) {
        return fields.find(name).filter(value -> !isOff(value)).flatMap(value -> fields.fields(name, value, keys));
    }

    /** A mapping whose names are the writer's own, if the field is there. */
    static Optional<Fields> mapping(FieldReader section, String name, int most, String entries) {
        return section.find(name)
                .flatMap(value -> value instanceof Fields fields
                                && !fields.entries().isEmpty()
                                && fields.entries().size() <= most
                        ? Optional.of(fields)
                        : section.wrong(value, name + " must be a mapping of 1 to " + most + " " + entries));
    }

    /** One of these words, if the field is there. */
    static <T> Optional<T> oneOf(FieldReader section, String name, Map<String, T> known) {
        return section.find(name).flatMap(value -> oneOf(section, name, value, known));
    }

    static <T> Optional<T> oneOf(FieldReader section, String name, YamlNode value, Map<String, T> known) {
        Optional<Scalar> word = section.text(name, value);
        Optional<T> found = word.map(Scalar::value).map(known::get);
        return word.isEmpty() || found.isPresent() ? found : unknown(section, name, word.get(), known.keySet());
    }

    /** One of these words if the field is there; some may look like something else, as a number does. */
    static <T> Optional<T> wordOf(FieldReader section, String name, Map<String, T> known) {
        return section.find(name).flatMap(value -> wordOf(section, name, value, known));
    }

    private static <T> Optional<T> wordOf(FieldReader section, String name, YamlNode value, Map<String, T> known) {
        return value instanceof Scalar word && known.containsKey(word.value())
                ? Optional.of(known.get(word.value()))
                : unknown(section, name, value, known.keySet());
    }

    /** A list of these words or numbers if the field is there, nothing twice; nothing at all if one is wrong. */
    static <T> Optional<Set<T>> someOf(FieldReader section, String name, Map<String, T> known) {
        return section.find(name).flatMap(value -> someOf(section, name, value, known));
    }

    private static <T> Optional<Set<T>> someOf(FieldReader section, String name, YamlNode value, Map<String, T> known) {
        if (!(value instanceof Items items)
                || items.values().isEmpty()
                || items.values().size() > MOST_ITEMS) {
            return section.wrong(value, name + " must be a list of some of " + words(known.keySet()));
        }
        List<T> found = new ArrayList<>();
        for (YamlNode item : items.values()) {
            wordOf(section, name, item, known).ifPresent(found::add);
        }
        Set<T> set = new HashSet<>(found);
        if (set.size() < found.size()) {
            return section.wrong(value, name + " names something twice");
        }
        return found.size() == items.values().size() ? Optional.of(Set.copyOf(set)) : Optional.empty();
    }

    private static <T> Optional<T> unknown(FieldReader section, String name, YamlNode value, Set<String> known) {
        String written = value instanceof Scalar scalar ? "'" + scalar.value() + "'" : "this";
        return section.wrong(value, name + " does not accept " + written + "; known: " + words(known));
    }

    private static String words(Set<String> known) {
        return String.join(", ", new TreeSet<>(known));
    }
}
