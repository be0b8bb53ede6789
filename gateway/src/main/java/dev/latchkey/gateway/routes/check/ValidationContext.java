package dev.latchkey.gateway.routes.check;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What routes are checked against besides each other.
 *
 * @param upstreams where they may lead to
 * @param roles which roles any user has
 * @param sslBundles which bundles there are; nothing if it is not known
 */
public record ValidationContext(AllowedUpstreams upstreams, KnownRoles roles, Optional<List<String>> sslBundles) {

    /** Nothing is known, and everything allowed. */
    public static final ValidationContext NONE = new ValidationContext(AllowedUpstreams.ANY, Optional::empty);

    /** Of the bundles nothing is known. */
    public ValidationContext(AllowedUpstreams upstreams, KnownRoles roles) {
        this(upstreams, roles, Optional.empty());
    }

    /** The roles that any user has, to warn of a route that requires another. */
    @FunctionalInterface
    public interface KnownRoles {

        /** Nothing if it is not known. */
        Optional<Set<String>> names();
    }
}
