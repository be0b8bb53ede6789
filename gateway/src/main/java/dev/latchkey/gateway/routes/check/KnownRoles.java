package dev.latchkey.gateway.routes.check;

import java.util.Optional;
import java.util.Set;

/** The roles that any user has, to warn of a route that requires another. */
@FunctionalInterface
public interface KnownRoles {

    /** Nothing if it is not known. */
    Optional<Set<String>> names();
}
