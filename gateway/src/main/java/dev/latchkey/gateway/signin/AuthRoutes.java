package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Everything under the prefix ({@code /auth}): matched before the route table, so that no route can take it. */
@Configuration(proxyBeanMethods = false)
class AuthRoutes {

    @Bean
    RouterFunction<ServerResponse> authEndpoints(
            SignInEndpoint signIn,
            RefreshEndpoint refresh,
            SignOutEndpoint signOut,
            SessionEndpoints sessions,
            ObjectProvider<AuthEndpoints> others,
            AuthGuard guard,
            EndpointPaths paths) {
        List<AuthEndpoint> endpoints = new ArrayList<>(List.of(
                new AuthEndpoint(AuthEndpoint.READ, paths.of(Endpoint.SIGN_IN), signIn::show),
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.SIGN_IN), signIn::submit),
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.REFRESH), refresh::submit),
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.SIGN_OUT), signOut::submit),
                new AuthEndpoint(AuthEndpoint.READ, paths.of(Endpoint.SESSIONS), sessions::list),
                new AuthEndpoint(List.of(HttpMethod.DELETE), paths.of(Endpoint.ONE_SESSION), sessions::end),
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.END_OF_SESSION), sessions::end),
                new AuthEndpoint(AuthEndpoint.READ, paths.of(Endpoint.STYLESHEET), signIn::stylesheet)));
        others.orderedStream().forEach(more -> endpoints.addAll(more.all()));
        RouterFunctions.Builder routes = RouterFunctions.route();
        endpoints.forEach(endpoint -> routes.route(
                endpoint.predicate(), endpoint.fromAnySite() ? endpoint.handler() : guard.guarded(endpoint.handler())));
        routes.route(
                RequestPredicates.path(paths.prefix() + "/**").or(RequestPredicates.path(paths.prefix())),
                guard.guarded(request -> otherwise(request, endpoints, guard)));
        return routes.build();
    }

    /** Nothing here, or not by this method. A path is compared once, as what it captures may be captured once. */
    private static Mono<ServerResponse> otherwise(
            ServerRequest request, List<AuthEndpoint> endpoints, AuthGuard guard) {
        Set<String> matching = endpoints.stream()
                .map(AuthEndpoint::path)
                .distinct()
                .filter(path -> RequestPredicates.path(path).test(request))
                .collect(Collectors.toSet());
        String allowed = endpoints.stream()
                .filter(endpoint -> matching.contains(endpoint.path()))
                .flatMap(endpoint -> endpoint.methods().stream())
                .map(HttpMethod::name)
                .collect(Collectors.joining(", "));
        if (allowed.isEmpty()) {
            return guard.problem(request, Problem.NOT_FOUND);
        }
        request.exchange().getResponse().getHeaders().set(HttpHeaders.ALLOW, allowed);
        return guard.problem(request, Problem.METHOD_NOT_ALLOWED);
    }
}
