package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.crosssite.OriginCheck;
import dev.latchkey.gateway.problem.Problem;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Everything under {@code /auth}: matched before the route table, so that no route can take any of it. */
@Configuration(proxyBeanMethods = false)
class AuthRoutes {

    private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    @Bean
    RouterFunction<ServerResponse> authEndpoints(
            SignInEndpoint signIn,
            TokenEndpoint token,
            RefreshEndpoint refresh,
            SignOutEndpoint signOut,
            SessionEndpoints sessions,
            OriginCheck crossSite,
            AuthResponses authResponses) {
        RouterFunctions.Builder routes = RouterFunctions.route();
        read(routes, "/auth/sign-in", signIn::show);
        routes.POST("/auth/sign-in", signIn::submit)
                .POST("/auth/token", token::submit)
                .POST("/auth/refresh", refresh::submit)
                .POST("/auth/sign-out", signOut::submit);
        read(routes, "/auth/session", sessions::current);
        read(routes, "/auth/sessions", sessions::list);
        routes.DELETE("/auth/sessions/{sessionId}", sessions::end)
                .POST("/auth/sessions/{sessionId}/end", sessions::end);
        read(routes, "/auth/assets/latchkey.css", signIn::stylesheet);
        routes.route(
                RequestPredicates.path("/auth/**").or(RequestPredicates.path("/auth")),
                request -> otherwise(request, authResponses));
        routes.filter((request, next) -> guarded(request, next, crossSite, authResponses));
        return routes.build();
    }

    private static void read(RouterFunctions.Builder routes, String path, HandlerFunction<ServerResponse> handler) {
        routes.route(
                RequestPredicates.methods(READ.toArray(HttpMethod[]::new)).and(RequestPredicates.path(path)), handler);
    }

    /** Cookies or not: a foreign site must not sign anybody in or out. */
    private static Mono<ServerResponse> guarded(
            ServerRequest request,
            HandlerFunction<ServerResponse> next,
            OriginCheck crossSite,
            AuthResponses authResponses) {
        boolean safe = SAFE.contains(request.method());
        return safe || crossSite.allows(request.exchange().getRequest())
                ? next.handle(request)
                : authResponses.problem(request, Problem.crossSite());
    }

    /** Nothing here, or not by this method. */
    private static Mono<ServerResponse> otherwise(ServerRequest request, AuthResponses authResponses) {
        Optional<String> allowed = allowed(request.path());
        allowed.ifPresent(
                methods -> request.exchange().getResponse().getHeaders().set("Allow", methods));
        return authResponses.problem(request, allowed.isPresent() ? Problem.methodNotAllowed() : Problem.notFound());
    }

    private static Optional<String> allowed(String path) {
        return switch (path) {
            case "/auth/sign-in" -> Optional.of("GET, HEAD, POST");
            case "/auth/token", "/auth/refresh", "/auth/sign-out" -> Optional.of("POST");
            case "/auth/session", "/auth/sessions", "/auth/assets/latchkey.css" -> Optional.of("GET, HEAD");
            default -> ofSession(path);
        };
    }

    private static Optional<String> ofSession(String path) {
        if (path.matches("/auth/sessions/[^/]+")) {
            return Optional.of("DELETE");
        }
        return path.matches("/auth/sessions/[^/]+/end") ? Optional.of("POST") : Optional.empty();
    }
}
