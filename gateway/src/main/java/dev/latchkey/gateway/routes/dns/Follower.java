package dev.latchkey.gateway.routes.dns;

import dev.latchkey.gateway.routes.upstream.Targets;
import java.util.Optional;

/**
 * What a route needs of a name.
 *
 * @param targets are replaced when its addresses change
 * @param sslBundle for TLS to them; none: the gateway's own
 */
record Follower(Targets targets, Optional<String> sslBundle) {}
