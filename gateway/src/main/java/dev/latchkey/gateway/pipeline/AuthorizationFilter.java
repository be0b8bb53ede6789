package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.pipeline.authentication.Authentication;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationDecision;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationMeters;
import dev.latchkey.gateway.pipeline.authorization.Caller;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.pipeline.connections.SessionLifetimeGuard;
import dev.latchkey.gateway.pipeline.forwarding.ForwardedRequest;
import dev.latchkey.gateway.pipeline.identity.IdentityPropagation;
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
final class AuthorizationFilter implements GlobalFilter, Ordered {

    private final Authentication authentication;
    private final IdentityPropagation relay;
    private final ForwardedRequest forwarded;
    private final ForeignAuthorization foreign;
    private final SessionLifetimeGuard sessionLifetimeGuard;
    private final ErrorResponses errorResponses;
    private final AuthorizationMeters meters;

    AuthorizationFilter(
            Authentication authentication,
            IdentityPropagation relay,
            ForwardedRequest forwarded,
            ForeignAuthorization foreign,
            SessionLifetimeGuard sessionLifetimeGuard,
            ErrorResponses errorResponses,
            AuthorizationMeters meters) {
        this.authentication = authentication;
        this.relay = relay;
        this.forwarded = forwarded;
        this.foreign = foreign;
        this.sessionLifetimeGuard = sessionLifetimeGuard;
        this.errorResponses = errorResponses;
        this.meters = meters;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<AccessRule> rule = ruleOf(exchange);
        if (rule.isEmpty()) {
            return errorResponses.refuse(exchange, Problem.forbidden());
        }
        return rule.get().access() == AccessLevel.PUBLIC
                ? open(exchange, chain)
                : authenticated(exchange, chain, rule.get());
    }

    private Mono<Void> open(ServerWebExchange exchange, GatewayFilterChain chain) {
        meters.open();
        return nobody(exchange, chain, foreign.isForeign(exchange.getRequest()));
    }

    private Mono<Void> authenticated(ServerWebExchange exchange, GatewayFilterChain chain, AccessRule rule) {
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
        return errorResponses.refuse(exchange, problem);
    }

    private Mono<Void> enter(
            ServerWebExchange exchange, GatewayFilterChain chain, AccessRule rule, AccessClaims caller) {
        return judge(
                exchange,
                chain,
                rule,
                AuthorizationDecision.decide(rule, Optional.of(caller)),
                Problem.unauthenticated());
    }

    private Mono<Void> enterUnknown(
            ServerWebExchange exchange, GatewayFilterChain chain, AccessRule rule, Problem problem) {
        return judge(exchange, chain, rule, AuthorizationDecision.decide(rule, Optional.empty()), problem);
    }

    private Mono<Void> judge(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            AccessRule rule,
            AuthorizationDecision authorizationDecision,
            Problem unauthenticated) {
        meters.count(authorizationDecision);
        return authorizationDecision.fold(
                (caller, audience) -> known(exchange, chain, caller, told(exchange, rule, caller, audience)),
                () -> nobody(exchange, chain, false),
                () -> unknown(exchange, rule, unauthenticated),
                () -> errorResponses.refuse(exchange, Problem.forbidden()));
    }

    private ServerWebExchange told(
            ServerWebExchange exchange, AccessRule rule, AccessClaims caller, Audience audience) {
        return relay.tell(exchange, rule.options().relay(), caller, audience);
    }

    private Mono<Void> nobody(ServerWebExchange exchange, GatewayFilterChain chain, boolean foreignAuthorization) {
        ServerWebExchange told = forwarded.anonymous(exchange, foreignAuthorization);
        return sessionLifetimeGuard.limit(told, chain.filter(told));
    }

    private Mono<Void> known(
            ServerWebExchange exchange, GatewayFilterChain chain, AccessClaims caller, ServerWebExchange told) {
        Caller.keepIn(exchange, caller.subject());
        return sessionLifetimeGuard.limit(told, caller, chain.filter(told));
    }

    private Mono<Void> unknown(ServerWebExchange exchange, AccessRule rule, Problem problem) {
        return rule.options().unauthenticated() == Unauthenticated.SIGN_IN
                ? errorResponses.signIn(exchange, problem)
                : errorResponses.refuse(exchange, problem);
    }

    /** A route without a rule lets nobody in. */
    private static Optional<AccessRule> ruleOf(ServerWebExchange exchange) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Object rule = route.getMetadata().get(AccessRule.METADATA_KEY);
        return Optional.ofNullable(rule).filter(AccessRule.class::isInstance).map(AccessRule.class::cast);
    }

    @Override
    public int getOrder() {
        return FilterOrder.FRONT_DOOR;
    }
}
