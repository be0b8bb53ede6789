package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.Set;

/** Reads which roles a route asks for: a list of which one is enough, or {@code any} and {@code all} by name. */
final class RolesReader {

    private static final Set<String> KEYS = Set.of("any", "all");

    private RolesReader() {}

    /** Nothing where none are written or where the faults were told. */
    static Optional<RequiredRoles> read(FieldReader entry) {
        return entry.find("roles").flatMap(it -> roles(entry, it));
    }

    private static Optional<RequiredRoles> roles(FieldReader entry, YamlNode value) {
        if (!(value instanceof Fields)) {
            return list(entry, "roles", value).map(RequiredRoles::anyOf);
        }
        return entry.fields("roles", value, KEYS).flatMap(roles -> named(roles, value));
    }

    private static Optional<RequiredRoles> named(FieldReader roles, YamlNode value) {
        Optional<Roles> any = roles.find("any").flatMap(it -> list(roles, "any", it));
        Optional<Roles> all = roles.find("all").flatMap(it -> list(roles, "all", it));
        boolean isThere = roles.find("any").isPresent() || roles.find("all").isPresent();
        return isThere
                ? Optional.of(new RequiredRoles(any.orElse(Roles.NONE), all.orElse(Roles.NONE)))
                : roles.wrong(value, "any or all must be there");
    }

    private static Optional<Roles> list(FieldReader reader, String name, YamlNode value) {
        return reader.texts(name, value)
                .map(it -> Roles.of(it.stream().map(Scalar::value).toList()));
    }
}
