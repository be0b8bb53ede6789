package dev.latchkey.gateway.routes.check;

import java.util.Optional;

/**
 * What the routes are checked against beside themselves.
 *
 * @param upstreams where they may lead to
 * @param roles which roles anybody has
 */
public record ValidationContext(AllowedUpstreams upstreams, KnownRoles roles) {

    /** Nothing is known, and everything allowed. */
    public static final ValidationContext NONE = new ValidationContext(AllowedUpstreams.ANY, Optional::empty);
}
