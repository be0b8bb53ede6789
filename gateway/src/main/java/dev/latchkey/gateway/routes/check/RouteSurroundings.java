package dev.latchkey.gateway.routes.check;

import java.util.Optional;

/**
 * What the routes are checked against beside themselves.
 *
 * @param upstreams where they may lead to
 * @param roles which roles anybody has
 */
public record RouteSurroundings(AllowedUpstreams upstreams, KnownRoles roles) {

    /** Nothing is known, and everything allowed. */
    public static final RouteSurroundings NONE = new RouteSurroundings(AllowedUpstreams.ANY, Optional::empty);
}
