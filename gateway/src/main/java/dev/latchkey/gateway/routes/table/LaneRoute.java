package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.forwarder.ExchangeLimits;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import dev.latchkey.gateway.routes.limits.BodySize;
import dev.latchkey.gateway.routes.upstream.Targets;
import java.util.Optional;

/**
 * What the lane needs of a route.
 *
 * @param targets its backends
 * @param sslBundle for TLS to them; none: the gateway's own
 * @param limits of an exchange with one of them
 * @param maxBody how large the body of a request may be
 * @param rewrite what changes on the way
 * @param answers what the route says in responses
 */
public record LaneRoute(
        Targets targets,
        Optional<String> sslBundle,
        ExchangeLimits limits,
        BodySize maxBody,
        Rewrite rewrite,
        AnswerRules answers) {}
