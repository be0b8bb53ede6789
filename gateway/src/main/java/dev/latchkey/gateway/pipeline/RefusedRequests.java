package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells the audit log of requests that were refused although nothing is wrong with their tokens: counted by user and
 * route, or by route and network, an address of IPv4 or a /64 of IPv6.
 */
@Component
public final class RefusedRequests {

    private final RepeatedEvents audit;
    private final ClientAddress addresses;

    public RefusedRequests(RepeatedEvents audit, ClientAddress addresses) {
        this.audit = audit;
        this.addresses = addresses;
    }

    /** A user lacks a role that the request's route requires. */
    void roles(ServerWebExchange exchange, Subject subject) {
        audit.record(AuditEvent.rolesRefused(subject, route(exchange).orElse("")));
    }

    /** The request's path can be read in more than one way. */
    void ambiguousPath(ServerWebExchange exchange) {
        report(exchange, "ambiguous-path", Optional.empty());
    }

    /** A request is answered with a problem, which may say that it was sent from another site. */
    public void answered(ServerWebExchange exchange, Problem problem) {
        if (problem.equals(Problem.CROSS_SITE)) {
            report(exchange, problem.name(), route(exchange));
        }
    }

    private void report(ServerWebExchange exchange, String reason, Optional<String> route) {
        String address = addresses.of(new SpringRequestHead(exchange.getRequest()));
        audit.record(AuditEvent.requestRefused(reason, route, address), IpAddresses.network(address));
    }

    private static Optional<String> route(ServerWebExchange exchange) {
        return Optional.<Route>ofNullable(exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR))
                .map(Route::getId);
    }
}
