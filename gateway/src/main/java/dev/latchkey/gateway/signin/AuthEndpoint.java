package dev.latchkey.gateway.signin;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * One of the gateway's own endpoints.
 *
 * @param path below the prefix; a part in braces stands for any segment
 * @param fromAnySite whether other sites may send what changes something; then the handler must know what it trusts
 */
public record AuthEndpoint(
        List<HttpMethod> methods, String path, HandlerFunction<ServerResponse> handler, boolean fromAnySite) {

    public static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD);
    public static final List<HttpMethod> POST = List.of(HttpMethod.POST);

    /** One that only this site and its allowed origins may send changes to. */
    public AuthEndpoint(List<HttpMethod> methods, String path, HandlerFunction<ServerResponse> handler) {
        this(methods, path, handler, false);
    }

    RequestPredicate predicate() {
        return RequestPredicates.methods(methods.toArray(HttpMethod[]::new)).and(RequestPredicates.path(path));
    }
}
