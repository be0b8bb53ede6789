package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.keys.GatewayTokenRecognizer;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationDecision;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.pipeline.connections.SessionLifetimeGuard;
import dev.latchkey.gateway.pipeline.identity.IdentityPropagation;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Decides who is asking, whether they may enter, and as whom the request is forwarded. It runs on the route that
 * forwards, so that what is authorized is what is sent.
 */
@Component
final class AuthorizationFilter implements GlobalFilter, Ordered {

    private static final int SERVICE_UNAVAILABLE = 503;

    private final TokenAuthentication authentication;
    private final IdentityPropagation identities;
    private final GatewayTokenRecognizer recognizer;
    private final SessionLifetimeGuard sessionLifetimeGuard;
    private final ErrorResponses errorResponses;
    private final MeterProvider<Counter> admissions;

    /** Each outcome has a meter from the start, at zero. */
    AuthorizationFilter(
            TokenAuthentication authentication,
            IdentityPropagation identities,
            GatewayTokenRecognizer recognizer,
            SessionLifetimeGuard sessionLifetimeGuard,
            ErrorResponses errorResponses,
            MeterRegistry registry) {
        this.authentication = authentication;
        this.identities = identities;
        this.recognizer = recognizer;
        this.sessionLifetimeGuard = sessionLifetimeGuard;
        this.errorResponses = errorResponses;
        this.admissions = Counter.builder("latchkey.admissions")
                .description("Requests to routes by whether they were let in")
                .withRegistry(registry);
        List.of(AuthorizationDecision.values()).forEach(decision -> counter(decision.name()));
        List.of("public", "refused", "unavailable").forEach(this::counter);
    }

    private Counter counter(String outcome) {
        return admissions.withTag("outcome", outcome.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** A route without a rule rejects every request. */
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<AccessRule> rule = AccessRule.of(exchange);
        if (rule.isEmpty()) {
            return errorResponses.reject(exchange, Problem.FORBIDDEN);
        }
        return rule.get().access() == AccessLevel.PUBLIC
                ? open(exchange, chain)
                : authenticated(exchange, chain, rule.get());
    }

    private Mono<Void> open(ServerWebExchange exchange, GatewayFilterChain chain) {
        counter("public").increment();
        return forward(exchange, chain, OutboundIdentity.anonymous(isForeign(exchange.getRequest())));
    }

    /**
     * A token of the gateway anywhere in {@code Authorization} keeps that header back, whatever its scheme is called.
     */
    private boolean isForeign(ServerHttpRequest request) {
        return request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION).stream()
                .map(value -> value.substring(value.lastIndexOf(' ') + 1))
                .noneMatch(recognizer::isOurs);
    }

    private Mono<Void> authenticated(ServerWebExchange exchange, GatewayFilterChain chain, AccessRule rule) {
        return authentication
                .authenticate(exchange, rule.options().strict())
                .flatMap(result -> result.fold(
                        caller -> authorized(exchange, chain, rule, caller),
                        problem -> guest(exchange, chain, rule, problem),
                        problem -> stop(exchange, problem)));
    }

    /** Before the route's rule was applied: ambiguous, cross-site, or it could not be checked. */
    private Mono<Void> stop(ServerWebExchange exchange, Problem problem) {
        counter(problem.status() == SERVICE_UNAVAILABLE ? "unavailable" : "refused")
                .increment();
        return errorResponses.reject(exchange, problem);
    }

    private Mono<Void> authorized(
            ServerWebExchange exchange, GatewayFilterChain chain, AccessRule rule, AccessClaims caller) {
        if (decide(rule, Optional.of(caller)) != AuthorizationDecision.IDENTIFIED) {
            return errorResponses.reject(exchange, Problem.FORBIDDEN);
        }
        OutboundIdentity identity = identities.of(
                caller, rule.audience().orElseThrow(), rule.options().relay());
        return forward(exchange, chain, identity);
    }

    private Mono<Void> guest(ServerWebExchange exchange, GatewayFilterChain chain, AccessRule rule, Problem problem) {
        if (decide(rule, Optional.empty()) == AuthorizationDecision.ANONYMOUS) {
            return forward(exchange, chain, OutboundIdentity.anonymous(false));
        }
        return rule.options().unauthenticated() == Unauthenticated.SIGN_IN
                ? errorResponses.signIn(exchange, problem)
                : errorResponses.reject(exchange, problem);
    }

    private AuthorizationDecision decide(AccessRule rule, Optional<AccessClaims> caller) {
        AuthorizationDecision decision = AuthorizationDecision.decide(rule, caller);
        counter(decision.name()).increment();
        return decision;
    }

    private Mono<Void> forward(ServerWebExchange exchange, GatewayFilterChain chain, OutboundIdentity identity) {
        ExchangeAttribute.OUTBOUND_IDENTITY.set(exchange, identity);
        return sessionLifetimeGuard.limit(exchange, chain.filter(exchange));
    }

    @Override
    public int getOrder() {
        return FilterOrder.AUTHORIZATION;
    }
}
