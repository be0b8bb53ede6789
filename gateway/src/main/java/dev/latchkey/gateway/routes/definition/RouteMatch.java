package dev.latchkey.gateway.routes.definition;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;

/**
 * Which requests a route matches. A preflight is matched by the method that it asks about.
 *
 * @param paths one of these matches
 * @param methods one of these; none: any
 * @param host none: any
 * @param headers all of these hold
 * @param query all of these hold
 * @param split the part of what matches so far that is this route's; none: all of it
 */
public record RouteMatch(
        List<RoutePath> paths,
        Set<HttpMethod> methods,
        Optional<HostPattern> host,
        List<ValueCondition> headers,
        List<ValueCondition> query,
        Optional<TrafficSplit> split)
        implements Predicate<ServerWebExchange> {

    public RouteMatch {
        paths = List.copyOf(paths);
        methods = Set.copyOf(methods);
        headers = List.copyOf(headers);
        query = List.copyOf(query);
    }

    /** The same without the weight: what the routes of its group have in common. */
    public RouteMatch whole() {
        return with(Optional.empty());
    }

    /** The same whatever host is asked for. */
    public RouteMatch onAnyHost() {
        return new RouteMatch(paths, methods, Optional.empty(), headers, query, split);
    }

    public RouteMatch with(Optional<TrafficSplit> part) {
        return new RouteMatch(paths, methods, host, headers, query, part);
    }

    @Override
    public boolean test(ServerWebExchange exchange) {
        return matches(exchange.getRequest()) && (split.isEmpty() || split.get().includes(exchange));
    }

    /** Whether the request matches, whichever route of the group it is for. */
    public boolean matches(ServerHttpRequest request) {
        return paths.stream().anyMatch(pattern -> pattern.matches(request.getPath()))
                && isMethod(request)
                && isHost(request)
                && holds(headers, name -> request.getHeaders().getOrEmpty(name))
                && holds(query, name -> parameter(request, name));
    }

    private boolean isMethod(ServerHttpRequest request) {
        return methods.isEmpty() || methods.contains(methodOf(request));
    }

    private static HttpMethod methodOf(ServerHttpRequest request) {
        String asked = request.getHeaders().getFirst(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        return asked != null && CorsUtils.isPreFlightRequest(request) ? HttpMethod.valueOf(asked) : request.getMethod();
    }

    private boolean isHost(ServerHttpRequest request) {
        return host.isEmpty() || host.get().matches(hostOf(request));
    }

    private static boolean holds(List<ValueCondition> conditions, Function<String, List<String>> values) {
        return conditions.isEmpty()
                || conditions.stream().allMatch(condition -> condition.test().test(values.apply(condition.name())));
    }

    /** A parameter without a value is present, too. */
    private static List<String> parameter(ServerHttpRequest request, String name) {
        List<String> values = request.getQueryParams().get(name);
        return values == null
                ? List.of()
                : values.stream().map(value -> value == null ? "" : value).toList();
    }

    /** The host that a request asks for, as it is compared with a route's. */
    public static String hostOf(ServerHttpRequest request) {
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
