package dev.latchkey.gateway.routes;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Which requests a route takes. A preflight is taken for the method that it asks about.
 *
 * @param paths at least one of these fits
 * @param methods one of these; none: any
 * @param host in lower case, without a port; none: any
 */
record RouteMatch(List<PathPattern> paths, Set<HttpMethod> methods, Optional<String> host)
        implements Predicate<ServerWebExchange> {

    RouteMatch {
        paths = List.copyOf(paths);
        methods = Set.copyOf(methods);
    }

    @Override
    public boolean test(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        return paths.stream().anyMatch(it -> it.matches(request.getPath())) && isMethod(request) && isHost(request);
    }

    private boolean isMethod(ServerHttpRequest request) {
        return methods.isEmpty() || methods.contains(methodOf(request));
    }

    private static HttpMethod methodOf(ServerHttpRequest request) {
        String asked = request.getHeaders().getFirst(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        return asked != null && CorsUtils.isPreFlightRequest(request) ? HttpMethod.valueOf(asked) : request.getMethod();
    }

    private boolean isHost(ServerHttpRequest request) {
        return host.isEmpty() || host.get().equals(hostOf(request));
    }

    /** Whom a request is for, as it is compared with a route's host. */
    static String hostOf(ServerHttpRequest request) {
        return name(request.getHeaders().getFirst(HttpHeaders.HOST));
    }

    /** The host alone: no port, no dot at the end of a fully qualified name (RFC 3986 section 3.2.2). */
    private static String name(@Nullable String header) {
        String authority = header == null ? "" : header.toLowerCase(Locale.ROOT);
        int colon = authority.lastIndexOf(':');
        String name = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
