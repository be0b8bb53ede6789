package dev.latchkey.gateway.page;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/** The headers that all of the gateway's own pages have: no script, no frame, nothing that a cache may keep. */
@Component
public final class PageHeaders {

    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors 'none'";

    /** A year, as for the pages of a route. Not for names below this host: they are somebody else's affair. */
    private static final String STRICT_TRANSPORT = "max-age=31536000";

    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    private final PublicOriginsProperties origins;

    /** For pages that are seen there. */
    public PageHeaders(PublicOriginsProperties origins) {
        this.origins = origins;
    }

    /** Sets them. {@code Strict-Transport-Security} (RFC 6797 section 7.2) is for where browsers come by https. */
    public void set(ServerHttpRequest request, HttpHeaders headers) {
        headers.setContentType(HTML);
        headers.setCacheControl("no-store");
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Referrer-Policy", "same-origin");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        setStrictTransport(hostOf(request), headers);
    }

    /** What the request says of where it is sent; empty where it says nothing. */
    public static String hostOf(ServerHttpRequest request) {
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        return host == null ? "" : host;
    }

    /** Sets that one alone. */
    public void setStrictTransport(String host, HttpHeaders headers) {
        if (origins.isHttps(host)) {
            headers.set("Strict-Transport-Security", STRICT_TRANSPORT);
        }
    }
}
