package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Removes from the request what a client must not send to a backend, for HTTP and WebSocket alike. It comes first and
 * removes {@code Connection} too, so that the framework's own hop-by-hop filter finds no list in it.
 */
@Component
final class ClientHeadersFilter implements HttpHeadersFilter, Ordered {

    private static final Set<String> FOR_ALL = Set.of(
            "authorization",
            "content-encoding",
            "content-length",
            "content-type",
            "cookie",
            "host",
            "origin",
            "transfer-encoding",
            "upgrade");

    private final CookieHygiene cookies;

    ClientHeadersFilter(CookieHygiene cookies) {
        this.cookies = cookies;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        Set<String> connectionOptions = connectionOptions(input);
        boolean keepAuthorization = OutboundIdentity.of(exchange).keepAuthorization();
        List<?> passed = passed(exchange);
        HttpHeaders kept = new HttpHeaders();
        input.forEach((name, values) -> {
            boolean passes = !connectionOptions.contains(name.toLowerCase(Locale.ROOT))
                    && isTheClients(name, keepAuthorization)
                    && (!ReservedHeaders.overridesRequest(name) || isPassed(name, passed));
            List<String> left = passes ? values(name, values) : List.of();
            if (!left.isEmpty()) {
                kept.addAll(name, left);
            }
        });
        return kept;
    }

    /**
     * What a client's {@code Connection} removes, as it may for its own hop (RFC 9110 section 7.6.1). It must not name
     * what is meant for all recipients: with {@code Connection: Content-Length}, a body would become the next request.
     */
    private static Set<String> connectionOptions(HttpHeaders headers) {
        return Stream.concat(
                        headers.getConnection().stream()
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .filter(name -> !FOR_ALL.contains(name)),
                        Stream.of("connection", "proxy-connection"))
                .collect(Collectors.toSet());
    }

    private static List<?> passed(ServerWebExchange exchange) {
        Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Object passed = route == null ? null : route.getMetadata().get(ReservedHeaders.PASSED_KEY);
        return passed instanceof List<?> names ? names : List.of();
    }

    private static boolean isPassed(String name, List<?> passed) {
        return passed.stream().anyMatch(one -> one instanceof String other && ReservedHeaders.areSame(name, other));
    }

    private static boolean isTheClients(String name, boolean keepAuthorization) {
        return !ReservedHeaders.isOurs(name)
                && !ReservedHeaders.tellsForWhom(name)
                && (keepAuthorization || !name.equalsIgnoreCase(HttpHeaders.AUTHORIZATION));
    }

    private List<String> values(String name, List<String> values) {
        return name.equalsIgnoreCase(HttpHeaders.COOKIE) ? cookies.withoutOurs(values) : values;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
