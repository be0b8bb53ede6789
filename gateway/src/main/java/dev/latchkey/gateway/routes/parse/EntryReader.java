package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.authorization.Access;
import dev.latchkey.gateway.pipeline.authorization.EntryOptions;
import dev.latchkey.gateway.pipeline.authorization.EntryRule;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads who may enter a route. */
final class EntryReader {

    private static final Set<String> KEYS = Stream.concat(
                    Stream.of("access", "roles", "audience"), EntryOptionsReader.KEYS.stream())
            .collect(Collectors.toUnmodifiableSet());
    private static final Map<String, Access> ACCESS =
            Map.of("required", Access.REQUIRED, "optional", Access.OPTIONAL, "public", Access.PUBLIC);
    private static final String WRITE = "write required, optional or public";
    private static final List<String> OF_USERS = List.of("roles", "audience", "strict", "relay", "unauthenticated");

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
            RolesReader.read(entry);
            audience(entry);
            EntryOptionsReader.read(entry);
        });
    }

    private static Optional<EntryRule> rule(FieldReader entry, Optional<String> id) {
        Optional<Access> access = entry.require("access", WRITE).flatMap(it -> access(entry, it));
        Optional<RequiredRoles> roles = RolesReader.read(entry);
        Optional<String> audience = audience(entry);
        EntryOptions options = EntryOptionsReader.read(entry);
        access.ifPresent(it -> refuseMeaningless(entry, it, options.relay()));
        if (access.equals(Optional.of(Access.PUBLIC))) {
            return Optional.of(open(options));
        }
        return access.flatMap(it -> audience.or(() -> id)
                .map(name ->
                        new EntryRule(it, roles.orElse(RequiredRoles.NONE), Optional.of(new Audience(name)), options)));
    }

    /** What is inherited may be for others; whoever writes it here means something else. */
    private static void refuseMeaningless(FieldReader entry, Access access, Relay relay) {
        if (access == Access.PUBLIC) {
            OF_USERS.forEach(it -> refuse(entry, it, "access is public"));
        } else if (access == Access.OPTIONAL) {
            refuse(entry, "unauthenticated", "access is optional");
        }
        if (access != Access.PUBLIC && relay != Relay.IDENTITY) {
            refuse(entry, "audience", "relay is not identity");
        }
    }

    private static void refuse(FieldReader entry, String name, String where) {
        entry.own(name).ifPresent(it -> entry.wrong(it, name + " has no meaning where " + where));
    }

    /** A public route knows nobody. */
    private static EntryRule open(EntryOptions options) {
        return new EntryRule(
                Access.PUBLIC,
                RequiredRoles.NONE,
                Optional.empty(),
                new EntryOptions(false, Relay.NONE, Unauthenticated.PROBLEM, options.suspiciousPaths()));
    }

    private static Optional<String> audience(FieldReader entry) {
        return entry.find("audience").flatMap(it -> entry.text("audience", it)).map(Scalar::value);
    }

    private static Optional<Access> access(FieldReader entry, YamlNode value) {
        Optional<Access> access = entry.text("access", value).map(Scalar::value).map(ACCESS::get);
        return access.isPresent() || !(value instanceof Scalar scalar) || !scalar.isText()
                ? access
                : entry.wrong(value, "access knows no '" + scalar.value() + "'; " + WRITE);
    }
}
