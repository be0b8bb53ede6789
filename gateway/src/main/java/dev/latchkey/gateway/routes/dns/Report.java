package dev.latchkey.gateway.routes.dns;

import dev.latchkey.gateway.routes.upstream.Targets.Target;

/** What a {@link NameWatch} tells of. */
interface Report {

    void count(NameAnswer answer);

    /** The addresses are others now. */
    void changed();

    /** One address of a route is gone. */
    void retire(Target gone, Follower route);
}
