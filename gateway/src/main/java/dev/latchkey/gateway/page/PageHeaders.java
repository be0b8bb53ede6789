package dev.latchkey.gateway.page;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The headers of all of the gateway's own pages: no script, no frame, nothing that a cache may keep. */
@Component
public final class PageHeaders {

    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors 'none'";

    /** A year, as for the pages of a route. Not for names below this host, which may not be ours. */
    private static final String STRICT_TRANSPORT = "max-age=31536000";

    private static final String STRICT_TRANSPORT_SECURITY = "Strict-Transport-Security";

    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    private final PublicOriginsProperties origins;

    /** For pages that browsers see at these origins. */
    public PageHeaders(PublicOriginsProperties origins) {
        this.origins = origins;
    }

    /**
     * Sets them on the response of an exchange, with {@code Strict-Transport-Security} (RFC 6797 section 7.2) if
     * browsers come by https and a route sets no other.
     */
    public void set(ServerWebExchange exchange) {
        setStrictTransportLast(exchange);
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.setContentType(HTML);
        headers.setCacheControl("no-store");
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Referrer-Policy", "same-origin");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
    }

    /** Sets {@code Strict-Transport-Security} alone, once the route has had its chance to. */
    public void setStrictTransportLast(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        String host =
                Objects.requireNonNullElse(exchange.getRequest().getHeaders().getFirst(HttpHeaders.HOST), "");
        response.beforeCommit(() -> Mono.fromRunnable(() -> setStrictTransport(host, response.getHeaders())));
    }

    /** Sets {@code Strict-Transport-Security} alone, unless it is set. */
    public void setStrictTransport(String host, HttpHeaders headers) {
        if (!headers.containsHeader(STRICT_TRANSPORT_SECURITY) && origins.isHttps(host)) {
            headers.set(STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
        }
    }
}
