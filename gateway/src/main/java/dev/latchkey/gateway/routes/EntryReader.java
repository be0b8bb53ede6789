package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.Access;
import dev.latchkey.gateway.pipeline.admission.EntryRule;
import dev.latchkey.gateway.routes.YamlNode.Scalar;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Roles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads who may enter a route. */
final class EntryReader {

    private static final Set<String> KEYS = Set.of("access", "roles", "audience");
    private static final Map<String, Access> ACCESS =
            Map.of("required", Access.REQUIRED, "optional", Access.OPTIONAL, "public", Access.PUBLIC);
    private static final String WRITE = "write required, optional or public";

    /**
     * The rule, or nothing where the faults were told.
     *
     * @param id the audience where none is written
     */
    Optional<EntryRule> read(FieldReader route, Optional<String> id) {
        return route.require("entry", "write who may enter, at least entry.access")
                .flatMap(it -> route.fields("entry", it, KEYS))
                .flatMap(it -> rule(it, id));
    }

    /** Finds what is wrong in what routes shall inherit; whoever may enter is said at the route itself. */
    void checkDefaults(FieldReader defaults) {
        defaults.find("entry").flatMap(it -> defaults.fields("entry", it, KEYS)).ifPresent(entry -> {
            entry.find("access").ifPresent(it -> entry.wrong(it, "access is never inherited; write it on every route"));
            entry.find("roles").ifPresent(it -> entry.texts("roles", it));
            entry.find("audience").ifPresent(it -> entry.text("audience", it));
        });
    }

    private static Optional<EntryRule> rule(FieldReader entry, Optional<String> id) {
        Optional<Access> access = entry.require("access", WRITE).flatMap(it -> access(entry, it));
        Optional<Roles> roles =
                entry.find("roles").flatMap(it -> entry.texts("roles", it)).map(EntryReader::roles);
        Optional<String> audience =
                entry.find("audience").flatMap(it -> entry.text("audience", it)).map(Scalar::value);
        if (access.equals(Optional.of(Access.PUBLIC))) {
            return open(entry);
        }
        return access.flatMap(it -> audience.or(() -> id)
                .map(name -> new EntryRule(it, roles.orElse(Roles.NONE), Optional.of(new Audience(name)))));
    }

    /** A public route knows nobody: what it inherits is for others, and whoever writes a role there is mistaken. */
    private static Optional<EntryRule> open(FieldReader entry) {
        entry.own("roles").ifPresent(it -> entry.wrong(it, "roles has no meaning where access is public"));
        entry.own("audience").ifPresent(it -> entry.wrong(it, "audience has no meaning where access is public"));
        return Optional.of(new EntryRule(Access.PUBLIC, Roles.NONE, Optional.empty()));
    }

    private static Optional<Access> access(FieldReader entry, YamlNode value) {
        Optional<Access> access = entry.text("access", value).map(Scalar::value).map(ACCESS::get);
        return access.isPresent() || !(value instanceof Scalar scalar) || !scalar.isText()
                ? access
                : entry.wrong(value, "access knows no '" + scalar.value() + "'; " + WRITE);
    }

    private static Roles roles(List<Scalar> names) {
        return Roles.of(names.stream().map(Scalar::value).toList());
    }
}
