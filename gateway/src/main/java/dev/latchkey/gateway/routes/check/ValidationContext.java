package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.token.EndpointPaths;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What routes are checked against besides each other.
 *
 * @param upstreams where they may lead to
 * @param roles which roles any user has
 * @param providers the names of those with which users can sign in; nothing if it is not known
 * @param sslBundles which bundles there are; nothing if it is not known
 * @param bindsDevices whether browsers are asked to bind their sessions to a device; nothing if it is not known
 * @param bindsTokens whether clients can bind their tokens to a key (DPoP); nothing if it is not known
 * @param paths the gateway's own, which no route can take
 */
public record ValidationContext(
        AllowedUpstreams upstreams,
        KnownRoles roles,
        Optional<Set<String>> providers,
        Optional<List<String>> sslBundles,
        Optional<Boolean> bindsDevices,
        Optional<Boolean> bindsTokens,
        EndpointPaths paths) {

    /** Nothing is known, everything allowed, and the gateway's own paths are where they are by default. */
    public static final ValidationContext NONE = of(EndpointPaths.DEFAULT);

    /** Nothing is known but where the gateway's own paths are. */
    public static ValidationContext of(EndpointPaths paths) {
        return new ValidationContext(AllowedUpstreams.ANY, Optional::empty, paths);
    }

    /** A context in which nothing is known of providers, bundles, devices and keys. */
    public ValidationContext(AllowedUpstreams upstreams, KnownRoles roles, EndpointPaths paths) {
        this(upstreams, roles, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), paths);
    }

    /** The roles that any user has, to warn of a route that requires another. */
    @FunctionalInterface
    public interface KnownRoles {

        /** Nothing if it is not known. */
        Optional<Set<String>> names();
    }
}
