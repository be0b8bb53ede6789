package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.yaml.YamlNode.Field;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every route inherits. A key of the route itself replaces the inherited one; in a section, such as {@code entry},
 * key by key, and no deeper.
 *
 * @param fields as in the file, without faults
 */
record RouteDefaults(List<Field> fields) {

    static final RouteDefaults NONE = new RouteDefaults(List.of());

    RouteDefaults {
        fields = List.copyOf(fields);
    }

    /** The route, completed with what it does not say itself. */
    Fields complete(Fields route) {
        return new Fields(route.position(), joined(route.entries().stream().map(this::completed), route, fields));
    }

    private Field completed(Field own) {
        Optional<Fields> inherited = fields.stream()
                .filter(field -> field.name().equals(own.name()) && field.value() instanceof Fields)
                .map(field -> (Fields) field.value())
                .findFirst();
        return inherited.isPresent() && own.value() instanceof Fields section
                ? new Field(own.position(), own.name(), completed(section, inherited.get()))
                : own;
    }

    private static Fields completed(Fields own, Fields inherited) {
        return new Fields(own.position(), joined(own.entries().stream(), own, inherited.entries()));
    }

    private static List<Field> joined(Stream<Field> said, Fields own, List<Field> inherited) {
        List<Field> all = new ArrayList<>(said.toList());
        inherited.stream().filter(field -> !own.has(field.name())).forEach(field -> all.add(field.asInherited()));
        return List.copyOf(all);
    }
}
