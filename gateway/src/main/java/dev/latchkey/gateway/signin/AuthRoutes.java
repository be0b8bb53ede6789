package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.crosssite.OriginCheck;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Everything under the prefix ({@code /auth}): matched before the route table, so that no route can take it. */
@Configuration(proxyBeanMethods = false)
class AuthRoutes {

    private static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final List<HttpMethod> POST = List.of(HttpMethod.POST);

    @Bean
    RouterFunction<ServerResponse> authEndpoints(
            SignInEndpoint signIn,
            RefreshEndpoint refresh,
            SignOutEndpoint signOut,
            SessionEndpoints sessions,
            OriginCheck crossSite,
            AuthResponses authResponses,
            EndpointPaths paths) {
        List<Answered> endpoints = List.of(
                new Answered(READ, paths.of(Endpoint.SIGN_IN), signIn::show),
                new Answered(POST, paths.of(Endpoint.SIGN_IN), signIn::submit),
                new Answered(POST, paths.of(Endpoint.TOKEN), signIn::token),
                new Answered(POST, paths.of(Endpoint.REFRESH), refresh::submit),
                new Answered(POST, paths.of(Endpoint.SIGN_OUT), signOut::submit),
                new Answered(READ, paths.of(Endpoint.SESSION), sessions::current),
                new Answered(READ, paths.of(Endpoint.SESSIONS), sessions::list),
                new Answered(List.of(HttpMethod.DELETE), paths.of(Endpoint.ONE_SESSION), sessions::end),
                new Answered(POST, paths.of(Endpoint.END_OF_SESSION), sessions::end),
                new Answered(READ, paths.of(Endpoint.STYLESHEET), signIn::stylesheet));
        RouterFunctions.Builder routes = RouterFunctions.route();
        endpoints.forEach(endpoint -> routes.route(endpoint.predicate(), endpoint.handler()));
        routes.route(
                RequestPredicates.path(paths.prefix() + "/**").or(RequestPredicates.path(paths.prefix())),
                request -> otherwise(request, endpoints, authResponses));
        routes.filter((request, next) -> guarded(request, next, crossSite, authResponses));
        return routes.build();
    }

    /** With cookies or without: another site must not sign anybody in or out. */
    private static Mono<ServerResponse> guarded(
            ServerRequest request,
            HandlerFunction<ServerResponse> next,
            OriginCheck crossSite,
            AuthResponses authResponses) {
        return OriginCheck.isSafe(request.method().name())
                        || crossSite.allows(
                                new SpringRequestHead(request.exchange().getRequest()))
                ? next.handle(request)
                : authResponses.problem(request, Problem.CROSS_SITE);
    }

    /** Nothing here, or not by this method. */
    private static Mono<ServerResponse> otherwise(
            ServerRequest request, List<Answered> endpoints, AuthResponses authResponses) {
        String allowed = endpoints.stream()
                .filter(endpoint -> RequestPredicates.path(endpoint.path()).test(request))
                .flatMap(endpoint -> endpoint.methods().stream())
                .map(HttpMethod::name)
                .collect(Collectors.joining(", "));
        if (allowed.isEmpty()) {
            return authResponses.problem(request, Problem.NOT_FOUND);
        }
        request.exchange().getResponse().getHeaders().set(HttpHeaders.ALLOW, allowed);
        return authResponses.problem(request, Problem.METHOD_NOT_ALLOWED);
    }

    private record Answered(List<HttpMethod> methods, String path, HandlerFunction<ServerResponse> handler) {

        RequestPredicate predicate() {
            return RequestPredicates.methods(methods.toArray(HttpMethod[]::new)).and(RequestPredicates.path(path));
        }
    }
}
