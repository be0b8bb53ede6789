package dev.latchkey.gateway.page;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The headers that all of the gateway's own pages have: no script, no frame, nothing that a cache may keep. */
@Component
public final class PageHeaders {

    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors 'none'";

    /** A year, as for the pages of a route. Not for names below this host: they are somebody else's affair. */
    private static final String STRICT_TRANSPORT = "max-age=31536000";

    private static final String STRICT_TRANSPORT_SECURITY = "Strict-Transport-Security";

    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    private final PublicOriginsProperties origins;

    /** For pages that are seen there. */
    public PageHeaders(PublicOriginsProperties origins) {
        this.origins = origins;
    }

    /** Sets them. {@code Strict-Transport-Security} (RFC 6797 section 7.2) is for where browsers come by https. */
    public void set(ServerHttpRequest request, HttpHeaders headers) {
        setContent(headers);
        setStrictTransport(hostOf(request), headers);
    }

    /** The same in the place of a route's answer, whose own {@code Strict-Transport-Security} goes before ours. */
    public void set(ServerWebExchange exchange) {
        setContent(exchange.getResponse().getHeaders());
        setStrictTransportLast(exchange);
    }

    private static void setContent(HttpHeaders headers) {
        headers.setContentType(HTML);
        headers.setCacheControl("no-store");
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Referrer-Policy", "same-origin");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
    }

    /** What the request says of where it is sent; empty where it says nothing. */
    public static String hostOf(ServerHttpRequest request) {
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        return host == null ? "" : host;
    }

    /** Sets that one alone, once a route has had its chance to. */
    public void setStrictTransportLast(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        String host = hostOf(exchange.getRequest());
        response.beforeCommit(() -> Mono.fromRunnable(() -> setStrictTransport(host, response.getHeaders())));
    }

    /** Sets that one alone, unless it is there. */
    public void setStrictTransport(String host, HttpHeaders headers) {
        if (!headers.containsHeader(STRICT_TRANSPORT_SECURITY) && origins.isHttps(host)) {
            headers.set(STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
        }
    }
}
