package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.token.Roles;
import java.util.List;
import java.util.stream.Stream;

/**
 * The roles that a route asks for.
 *
 * @param anyOf one of these is enough; none: no matter which
 * @param allOf every one of these
 */
public record RequiredRoles(Roles anyOf, Roles allOf) {

    /** Any user will do. */
    public static final RequiredRoles NONE = new RequiredRoles(Roles.NONE, Roles.NONE);

    /** One of these is enough. */
    public static RequiredRoles anyOf(Roles roles) {
        return new RequiredRoles(roles, Roles.NONE);
    }

    /** Whether nothing is asked. */
    public boolean isEmpty() {
        return anyOf.isEmpty() && allOf.isEmpty();
    }

    /** Whether somebody with these roles may enter. */
    public boolean areHeldBy(Roles held) {
        return (anyOf.isEmpty() || held.containsAny(anyOf)) && held.containsAll(allOf);
    }

    /** Every role that is named. */
    public List<String> names() {
        return Stream.concat(anyOf.names().stream(), allOf.names().stream())
                .sorted()
                .distinct()
                .toList();
    }
}
