package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationMeters;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationOutcome;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.pipeline.connections.SessionLifetimeGuard;
import dev.latchkey.gateway.pipeline.decision.Decider;
import dev.latchkey.gateway.pipeline.decision.RequestDecision;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Undecided;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Decides who is asking, whether they may enter, and as whom the request is forwarded. It runs on the route that
 * forwards, so that what is authorized is what is sent.
 */
@Component
final class AuthorizationFilter implements GlobalFilter, Ordered {

    private final Decider decider;
    private final TokenAuthentication authentication;
    private final NewTokensAtCommit newTokens;
    private final Rotation rotation;
    private final SessionLifetimeGuard sessionLifetimeGuard;
    private final ErrorResponses errorResponses;
    private final RefusedRequests refusedRequests;
    private final AuthorizationMeters meters;

    AuthorizationFilter(
            Decider decider,
            TokenAuthentication authentication,
            NewTokensAtCommit newTokens,
            Rotation rotation,
            SessionLifetimeGuard sessionLifetimeGuard,
            ErrorResponses errorResponses,
            RefusedRequests refusedRequests,
            AuthorizationMeters meters) {
        this.decider = decider;
        this.authentication = authentication;
        this.newTokens = newTokens;
        this.rotation = rotation;
        this.sessionLifetimeGuard = sessionLifetimeGuard;
        this.errorResponses = errorResponses;
        this.refusedRequests = refusedRequests;
        this.meters = meters;
    }

    /** A route without a rule rejects every request. */
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return AccessRule.of(RouteMetadata.of(exchange))
                .map(rule -> decide(exchange, chain, rule))
                .orElseGet(() -> errorResponses.reject(exchange, Problem.FORBIDDEN));
    }

    /** At once if this node can tell alone, as it mostly can. */
    private Mono<Void> decide(ServerWebExchange exchange, GatewayFilterChain chain, AccessRule rule) {
        RequestHead request = new SpringRequestHead(exchange.getRequest());
        RequestDecision decision = decider.decide(request, rule);
        return decision == Undecided.UNDECIDED
                ? authentication
                        .authenticate(request, rule.options().strict())
                        .doOnNext(result -> newTokens.register(exchange, result))
                        .flatMap(result -> decider.decide(request, result, rule))
                        .flatMap(decided -> act(exchange, chain, decided))
                : act(exchange, chain, decision);
    }

    private Mono<Void> act(ServerWebExchange exchange, GatewayFilterChain chain, RequestDecision decision) {
        return decision.fold(
                forward -> {
                    report(forward.outcome(), forward.confirmed());
                    return forward(exchange, chain, forward.identity());
                },
                refuse -> {
                    report(refuse.outcome(), refuse.confirmed());
                    refuse.lacking().ifPresent(subject -> refusedRequests.roles(exchange, subject));
                    return errorResponses.reject(exchange, refuse.problem());
                },
                signIn -> {
                    report(signIn.outcome(), signIn.confirmed());
                    return errorResponses.signIn(exchange, signIn);
                },
                () -> errorResponses.reject(exchange, Problem.UNAVAILABLE));
    }

    private void report(AuthorizationOutcome outcome, Optional<AccessClaims> confirmed) {
        meters.count(outcome);
        confirmed.ifPresent(rotation::confirm);
    }

    private Mono<Void> forward(ServerWebExchange exchange, GatewayFilterChain chain, OutboundIdentity identity) {
        ExchangeAttribute.OUTBOUND_IDENTITY.set(exchange, identity);
        ExchangeAttribute.RECORD.of(exchange).ifPresent(record -> record.identified(identity.caller()));
        return sessionLifetimeGuard.limit(exchange, chain.filter(exchange));
    }

    @Override
    public int getOrder() {
        return FilterOrder.AUTHORIZATION;
    }
}
