package dev.latchkey.gateway.routes.check;

import java.util.Optional;

/**
 * What routes are checked against besides each other.
 *
 * @param upstreams where they may lead to
 * @param roles which roles any user has
 */
public record ValidationContext(AllowedUpstreams upstreams, KnownRoles roles) {

    /** Nothing is known, and everything allowed. */
    public static final ValidationContext NONE = new ValidationContext(AllowedUpstreams.ANY, Optional::empty);
}
