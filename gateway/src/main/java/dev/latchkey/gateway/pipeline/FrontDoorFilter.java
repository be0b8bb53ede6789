package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.pipeline.authentication.Authentication;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult;
import dev.latchkey.gateway.pipeline.authorization.Access;
import dev.latchkey.gateway.pipeline.authorization.Admission;
import dev.latchkey.gateway.pipeline.authorization.AdmissionMeters;
import dev.latchkey.gateway.pipeline.authorization.Admitted;
import dev.latchkey.gateway.pipeline.authorization.EntryRule;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.pipeline.connections.SessionBound;
import dev.latchkey.gateway.pipeline.forwarding.ForwardedRequest;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The way of a request: who is asking, may he enter, as whom is he forwarded. It runs on the route that forwards, so
 * that what is authorised is what is sent.
 */
@Component
final class FrontDoorFilter implements GlobalFilter, Ordered {

    private final Authentication authentication;
    private final CallerRelay relay;
    private final ForwardedRequest forwarded;
    private final ForeignAuthorization foreign;
    private final SessionBound sessionBound;
    private final Refusals refusals;
    private final AdmissionMeters meters;

    FrontDoorFilter(
            Authentication authentication,
            CallerRelay relay,
            ForwardedRequest forwarded,
            ForeignAuthorization foreign,
            SessionBound sessionBound,
            Refusals refusals,
            AdmissionMeters meters) {
        this.authentication = authentication;
        this.relay = relay;
        this.forwarded = forwarded;
        this.foreign = foreign;
        this.sessionBound = sessionBound;
        this.refusals = refusals;
        this.meters = meters;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<EntryRule> rule = ruleOf(exchange);
        if (rule.isEmpty()) {
            return refusals.refuse(exchange, Problem.forbidden());
        }
        return rule.get().access() == Access.PUBLIC
                ? open(exchange, chain)
                : authenticated(exchange, chain, rule.get());
    }

    private Mono<Void> open(ServerWebExchange exchange, GatewayFilterChain chain) {
        meters.open();
        return nobody(exchange, chain, foreign.isForeign(exchange.getRequest()));
    }

    private Mono<Void> authenticated(ServerWebExchange exchange, GatewayFilterChain chain, EntryRule rule) {
        Mono<AuthenticationResult> who = rule.options().strict()
                ? authentication.authenticateStrictly(exchange)
                : authentication.authenticate(exchange);
        return who.flatMap(result -> result.fold(
                caller -> enter(exchange, chain, rule, caller),
                problem -> enterUnknown(exchange, chain, rule, problem),
                problem -> stop(exchange, problem)));
    }

    private Mono<Void> stop(ServerWebExchange exchange, Problem problem) {
        meters.stopped(problem);
        return refusals.refuse(exchange, problem);
    }

    private Mono<Void> enter(
            ServerWebExchange exchange, GatewayFilterChain chain, EntryRule rule, AccessClaims caller) {
        return judge(exchange, chain, rule, Admission.decide(rule, Optional.of(caller)), Problem.unauthenticated());
    }

    private Mono<Void> enterUnknown(
            ServerWebExchange exchange, GatewayFilterChain chain, EntryRule rule, Problem problem) {
        return judge(exchange, chain, rule, Admission.decide(rule, Optional.empty()), problem);
    }

    private Mono<Void> judge(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            EntryRule rule,
            Admission admission,
            Problem unauthenticated) {
        meters.count(admission);
        return admission.fold(
                (caller, audience) -> known(exchange, chain, caller, told(exchange, rule, caller, audience)),
                () -> nobody(exchange, chain, false),
                () -> unknown(exchange, rule, unauthenticated),
                () -> refusals.refuse(exchange, Problem.forbidden()));
    }

    private ServerWebExchange told(ServerWebExchange exchange, EntryRule rule, AccessClaims caller, Audience audience) {
        return relay.tell(exchange, rule.options().relay(), caller, audience);
    }

    private Mono<Void> nobody(ServerWebExchange exchange, GatewayFilterChain chain, boolean foreignAuthorization) {
        ServerWebExchange told = forwarded.anonymous(exchange, foreignAuthorization);
        return sessionBound.limit(told, chain.filter(told));
    }

    private Mono<Void> known(
            ServerWebExchange exchange, GatewayFilterChain chain, AccessClaims caller, ServerWebExchange told) {
        Admitted.keepIn(exchange, caller.subject());
        return sessionBound.limit(told, caller, chain.filter(told));
    }

    private Mono<Void> unknown(ServerWebExchange exchange, EntryRule rule, Problem problem) {
        return rule.options().unauthenticated() == Unauthenticated.SIGN_IN
                ? refusals.signIn(exchange, problem)
                : refusals.refuse(exchange, problem);
    }

    /** A route without a rule lets nobody in. */
    private static Optional<EntryRule> ruleOf(ServerWebExchange exchange) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Object rule = route.getMetadata().get(EntryRule.METADATA_KEY);
        return Optional.ofNullable(rule).filter(EntryRule.class::isInstance).map(EntryRule.class::cast);
    }

    @Override
    public int getOrder() {
        return FilterOrder.FRONT_DOOR;
    }
}
