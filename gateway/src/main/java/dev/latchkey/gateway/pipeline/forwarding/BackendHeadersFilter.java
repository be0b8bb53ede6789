package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import java.util.List;
import java.util.Locale;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Removes from a response what a backend must not do to a session. It runs before the headers reach the client's
 * response, which may hold the gateway's own cookies already. A WebSocket needs none of this: the headers of a
 * backend's handshake never reach the client.
 */
@Component
final class BackendHeadersFilter implements HttpHeadersFilter, Ordered {

    private static final String CLEAR_SITE_DATA = "Clear-Site-Data";

    private final CookieHygiene cookies;

    BackendHeadersFilter(CookieHygiene cookies) {
        this.cookies = cookies;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        HttpHeaders kept = new HttpHeaders();
        input.forEach((name, values) -> {
            List<String> left = ReservedHeaders.isOurs(name) ? List.of() : values(name, values);
            if (!left.isEmpty()) {
                kept.addAll(name, left);
            }
        });
        if (OutboundIdentity.of(exchange).caller().isPresent()) {
            CacheSharing.keepPrivate(kept);
        }
        return kept;
    }

    private List<String> values(String name, List<String> values) {
        if (name.equalsIgnoreCase(HttpHeaders.SET_COOKIE)) {
            return values.stream().filter(line -> !cookies.setsOurs(line)).toList();
        }
        return name.equalsIgnoreCase(CLEAR_SITE_DATA) ? withoutCookies(values) : values;
    }

    /** Clearing cookies would sign the user out of every backend. */
    private static List<String> withoutCookies(List<String> values) {
        return values.stream().anyMatch(BackendHeadersFilter::clearsCookies) ? List.of() : values;
    }

    private static boolean clearsCookies(String value) {
        return value.indexOf('*') >= 0 || value.toLowerCase(Locale.ROOT).contains("cookies");
    }

    @Override
    public boolean supports(Type type) {
        return type == Type.RESPONSE;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
