package dev.latchkey.gateway.pipeline.admission;

import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Roles;
import java.util.Optional;

/**
 * What a route asks of a request.
 *
 * @param roles at least one of these; none: any user
 * @param audience the backend that identity tokens are for; always there but on a public route
 */
public record EntryRule(Access access, Roles roles, Optional<Audience> audience) {

    /** The key under which a route's metadata hold its rule. */
    public static final String METADATA_KEY = "latchkey.entry-rule";

    public EntryRule {
        if (access == Access.PUBLIC && !roles.isEmpty()) {
            throw new IllegalArgumentException("a public route cannot ask for roles");
        }
        if (access != Access.PUBLIC && audience.isEmpty()) {
            throw new IllegalArgumentException("a route that tells who is calling needs an audience");
        }
    }
}
