package dev.latchkey.gateway.pipeline;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.chain.ChainRoute;
import dev.latchkey.gateway.pipeline.chain.ChainRoutes;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.pipeline.paths.AmbiguousPaths;
import dev.latchkey.gateway.problem.Problem;
import java.util.Optional;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Finds the route of a request. It differs from the framework's in three ways: the gateway's own paths never belong to
 * a route, a preflight may reach a public backend (the framework ends every preflight before its filters run), and the
 * route is looked up in an index, whereas the framework tries every route in order and ignores those that throw.
 */
@Component
final class GatewayHandlerMapping extends RoutePredicateHandlerMapping {

    private final ChainRoutes routes;
    private final ErrorResponses errorResponses;

    GatewayHandlerMapping(
            FilteringWebHandler webHandler,
            RouteLocator routeLocator,
            GlobalCorsProperties cors,
            Environment environment,
            ChainRoutes routes,
            ErrorResponses errorResponses) {
        super(webHandler, routeLocator, cors, environment);
        this.routes = routes;
        this.errorResponses = errorResponses;
    }

    /** The dispatcher only looks for the handler of a preflight and never calls it, so it is called here. */
    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        return CrossOriginAccess.isPreflight(new SpringRequestHead(exchange.getRequest()))
                ? getHandlerInternal(exchange).flatMap(handler -> preflight(exchange, (WebHandler) handler))
                : super.getHandler(exchange);
    }

    private Mono<Object> preflight(ServerWebExchange exchange, WebHandler handler) {
        return answer(exchange, handler).thenReturn(handler);
    }

    /** A route with a CORS rule answers by that rule, and its backend is never asked. */
    private Mono<Void> answer(ServerWebExchange exchange, WebHandler handler) {
        Route route = exchange.getRequiredAttribute(GATEWAY_ROUTE_ATTR);
        if (route.getMetadata().get(CorsRule.METADATA_KEY) instanceof CorsRule rule) {
            return rule.allows(new SpringRequestHead(exchange.getRequest()))
                    ? granted(exchange, rule)
                    : errorResponses.reject(exchange, Problem.CROSS_SITE);
        }
        return isPublic(exchange) ? handler.handle(exchange) : errorResponses.reject(exchange, Problem.CROSS_SITE);
    }

    private static Mono<Void> granted(ServerWebExchange exchange, CorsRule rule) {
        rule.grant(
                new SpringRequestHead(exchange.getRequest()),
                new SpringHeaderFields(exchange.getResponse().getHeaders()));
        exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
        return exchange.getResponse().setComplete();
    }

    /** A request whose path is ambiguous has its route already: see {@link AmbiguousPaths}. */
    @Override
    protected Mono<Route> lookupRoute(ServerWebExchange exchange) {
        return Mono.justOrEmpty(Optional.<Route>ofNullable(exchange.getAttribute(GATEWAY_ROUTE_ATTR))
                .or(() -> routes.find(new SpringRequestHead(exchange.getRequest()))
                        .map(route -> taken(exchange, route))));
    }

    /** The route takes the request, which counts. */
    static Route taken(ServerWebExchange exchange, ChainRoute route) {
        route.count();
        Route taken = route.forChain();
        ExchangeAttribute.RECORD.of(exchange).ifPresent(record -> record.matched(taken.getId()));
        return taken;
    }

    private static boolean isPublic(ServerWebExchange exchange) {
        return AccessRule.of(RouteMetadata.of(exchange))
                .filter(rule -> rule.access() == AccessLevel.PUBLIC)
                .isPresent();
    }
}
