package dev.latchkey.gateway.routes.check;

import java.util.Optional;
import java.util.Set;

/** Which roles anybody has, to notice a route that asks for one that nobody has. */
@FunctionalInterface
public interface KnownRoles {

    /** All of them; nothing where it is not known. */
    Optional<Set<String>> names();
}
