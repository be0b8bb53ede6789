package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.token.Roles;
import java.util.List;
import java.util.stream.Stream;

/**
 * The roles that a route requires.
 *
 * @param anyOf one of these is enough; if empty, none is needed
 * @param allOf all of these are needed
 */
public record RequiredRoles(Roles anyOf, Roles allOf) {

    public static final RequiredRoles NONE = new RequiredRoles(Roles.NONE, Roles.NONE);

    public static RequiredRoles anyOf(Roles roles) {
        return new RequiredRoles(roles, Roles.NONE);
    }

    public boolean isEmpty() {
        return anyOf.isEmpty() && allOf.isEmpty();
    }

    /** Whether a user with these roles may enter. */
    public boolean areHeldBy(Roles held) {
        return (anyOf.isEmpty() || held.containsAny(anyOf)) && held.containsAll(allOf);
    }

    public List<String> names() {
        return Stream.concat(anyOf.names().stream(), allOf.names().stream())
                .sorted()
                .distinct()
                .toList();
    }
}
