package dev.latchkey.gateway.routes.table;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.forwarder.ExchangeLimits;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.backend.BackendsProperties;
import dev.latchkey.gateway.pipeline.backend.Endpoints;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.ratelimit.Limiter;
import dev.latchkey.gateway.routes.definition.LaneChoice;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteSettings;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import dev.latchkey.gateway.routes.limits.BodyLimit;
import dev.latchkey.gateway.routes.limits.BodySize;
import dev.latchkey.gateway.routes.limits.RateLimit;
import dev.latchkey.gateway.routes.upstream.BackendCalls;
import dev.latchkey.gateway.routes.upstream.BreakerRule;
import dev.latchkey.gateway.routes.upstream.Circuit;
import dev.latchkey.gateway.routes.upstream.Targets;
import dev.latchkey.gateway.routes.upstream.TargetsRule;
import java.time.Duration;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Adds the filters that a route's settings need, and no others: what a route does not use costs nothing. */
@Component
final class RouteFilters implements RouteCustomizer {

    /**
     * What routes have learned of their backends, so that a route that stays as it was keeps its circuit and its
     * ejected backends when the table is swapped. Values that no route uses any more are collected.
     */
    private final Cache<TargetsKey, Targets> targets =
            Caffeine.newBuilder().weakValues().build();

    private final Cache<CircuitKey, Circuit> circuits =
            Caffeine.newBuilder().weakValues().build();

    private final ProblemWriter problems;
    private final Limiter limiter;
    private final ClientAddress addresses;
    private final CrossOriginAccess trustedOrigins;
    private final Endpoints endpoints;
    private final ExchangeLimits usual;

    RouteFilters(
            ProblemWriter problems,
            Limiter limiter,
            ClientAddress addresses,
            CrossOriginAccess trustedOrigins,
            Endpoints endpoints,
            BackendsProperties properties) {
        this.problems = problems;
        this.limiter = limiter;
        this.addresses = addresses;
        this.trustedOrigins = trustedOrigins;
        this.endpoints = endpoints;
        this.usual = properties.limits();
    }

    @Override
    public void customize(Route.AsyncBuilder route, RouteEntry entry) {
        answers(route, entry.settings());
        limits(route, entry);
        if (entry.answer().isPresent()) {
            boolean isPublic = entry.entry().access() == AccessLevel.PUBLIC;
            add(route, new OwnAnswer(entry.answer().get(), isPublic, problems), RouteOrder.ANSWER);
        } else {
            rewrite(route, entry.settings().rewrite());
            circuit(route, entry);
            calls(route, entry);
        }
    }

    private void answers(Route.AsyncBuilder route, RouteSettings settings) {
        settings.cors().ifPresent(rule -> route.metadata(CorsRule.METADATA_KEY, rule));
        AnswerRules rules = answerRules(settings);
        if (!rules.isEmpty()) {
            add(route, beforeCommit(rules), RouteOrder.ANSWERS);
        }
    }

    private AnswerRules answerRules(RouteSettings settings) {
        return new AnswerRules(settings.cors(), settings.securityHeaders(), trustedOrigins);
    }

    private static GatewayFilter beforeCommit(AnswerRules rules) {
        return (exchange, chain) -> {
            RequestHead request = new SpringRequestHead(exchange.getRequest());
            ServerHttpResponse response = exchange.getResponse();
            response.beforeCommit(
                    () -> Mono.fromRunnable(() -> rules.apply(request, new SpringHeaderFields(response.getHeaders()))));
            return chain.filter(exchange);
        };
    }

    private void limits(Route.AsyncBuilder route, RouteEntry entry) {
        entry.settings()
                .limits()
                .rate()
                .ifPresent(rate ->
                        add(route, new RateLimit(entry.id(), rate, limiter, addresses, problems), RouteOrder.RATE));
        entry.settings()
                .limits()
                .body()
                .ifPresent(size -> add(route, new BodyLimit(new BodySize(size), problems), RouteOrder.BODY));
    }

    private void rewrite(Route.AsyncBuilder route, Rewrite rewrite) {
        if (rewrite.changesTarget()) {
            add(route, new TargetRewrite(rewrite, problems), RouteOrder.REWRITE);
        }
    }

    private void circuit(Route.AsyncBuilder route, RouteEntry entry) {
        entry.settings().circuitBreaker().ifPresent(rule -> add(route, circuit(entry, rule), RouteOrder.CIRCUIT));
    }

    /** With one attempt at one backend, the forwarder's own time limit is enough. */
    private void calls(Route.AsyncBuilder route, RouteEntry entry) {
        RouteSettings call = entry.settings();
        endpoints.prepare(entry.to().urls(), call.sslBundle());
        call.sslBundle().ifPresent(name -> route.metadata(Endpoints.BUNDLE_KEY, name));
        call.connectTimeout()
                .ifPresent(limit -> route.metadata(RouteMetadataUtils.CONNECT_TIMEOUT_ATTR, (int) limit.toMillis()));
        call.timeout().ifPresent(limit -> route.metadata(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, limit.toMillis()));
        if (areJudged(entry) || call.retries().isOn()) {
            Duration whole = call.timeout().orElse(usual.head());
            add(route, new BackendCalls(shared(entry), call.retries(), whole, problems), RouteOrder.CALLS);
        }
    }

    /**
     * What takes part in no wait: a route without a rate limit, a circuit breaker, retries and strict sessions. What
     * leads to WebSockets alone takes no other request, and the lane no handshake.
     */
    @Override
    public Optional<LaneRoute> lane(RouteEntry entry) {
        RouteSettings settings = entry.settings();
        boolean waits = entry.answer().isPresent()
                || entry.entry().options().strict()
                || settings.limits().rate().isPresent()
                || settings.circuitBreaker().isPresent()
                || settings.retries().isOn()
                || entry.to().urls().stream().anyMatch(url -> url.getScheme().startsWith("ws"));
        if (waits || settings.lane().filter(LaneChoice.OFF::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new LaneRoute(
                shared(entry),
                settings.sslBundle(),
                new ExchangeLimits(
                        settings.connectTimeout().orElse(usual.connect()),
                        settings.timeout().orElse(usual.head()),
                        usual.stall()),
                settings.limits().body().map(BodySize::new).orElse(BodySize.ANY),
                settings.rewrite(),
                answerRules(settings)));
    }

    @Override
    public Optional<Targets> targets(RouteEntry entry) {
        return areJudged(entry) ? Optional.of(shared(entry)) : Optional.empty();
    }

    /** Whether this node tells how each of its backends is. */
    private static boolean areJudged(RouteEntry entry) {
        return entry.to().isMany() || entry.to().healthCheck().isPresent();
    }

    private static void add(Route.AsyncBuilder route, GatewayFilter filter, int order) {
        route.filter(new OrderedGatewayFilter(filter, order));
    }

    private Targets shared(RouteEntry entry) {
        return targets.get(new TargetsKey(entry.id(), entry.to()), key -> new Targets(key.to(), System::nanoTime));
    }

    private Circuit circuit(RouteEntry entry, BreakerRule rule) {
        return circuits.get(
                new CircuitKey(entry.id(), entry.to(), rule),
                key -> new Circuit(key.id(), key.rule(), System::nanoTime, problems));
    }

    private record TargetsKey(String id, TargetsRule to) {}

    private record CircuitKey(String id, TargetsRule to, BreakerRule rule) {}
}
