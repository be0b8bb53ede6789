package dev.latchkey.gateway.pipeline.crosssite;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * What browsers are told about other origins (the CORS protocol of the Fetch standard). It opens answers to the allowed
 * origins and to nobody else; what a request may do is still decided by the {@link OriginCheck}.
 */
@Component
public final class CrossOriginAccess {

    private static final Duration PREFLIGHT_AGE = Duration.ofMinutes(10);
    private static final List<String> PREFLIGHT_VARIES = List.of(
            HttpHeaders.ORIGIN, HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);

    private final Set<String> allowedOrigins;

    CrossOriginAccess(CrossSiteProperties properties) {
        this.allowedOrigins = properties.serialized();
    }

    /** Whether no other origin is allowed, so that nothing is ever to be said. */
    public boolean isClosed() {
        return allowedOrigins.isEmpty();
    }

    /** Whether the request says that it comes from an allowed origin; {@code null} never is one. */
    public boolean isAllowed(ServerHttpRequest request) {
        List<String> origins = request.getHeaders().getOrEmpty(HttpHeaders.ORIGIN);
        return origins.size() == 1 && allowedOrigins.contains(origins.get(0));
    }

    /** What is said on an answer to a request of which no more is known than where it says that it comes from. */
    public HttpHeaders describe(Optional<String> origin) {
        HttpHeaders answer = new HttpHeaders();
        if (!isClosed()) {
            vary(answer);
            origin.filter(allowedOrigins::contains).ifPresent(it -> open(it, answer));
        }
        return answer;
    }

    /** Whether a browser asks before it sends the request proper. */
    public static boolean isPreflight(ServerHttpRequest request) {
        return HttpMethod.OPTIONS.equals(request.getMethod())
                && request.getHeaders().containsHeader(HttpHeaders.ORIGIN)
                && request.getHeaders().containsHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Grants what the preflight of an allowed origin asks for. */
    public void grant(ServerHttpRequest preflight, HttpHeaders answer) {
        open(preflight, answer);
        grantAsked(preflight.getHeaders(), answer, PREFLIGHT_AGE);
    }

    /** Grants the method and the headers that a preflight names; whether it may have them was asked before. */
    static void grantAsked(HttpHeaders asked, HttpHeaders answer, Duration maxAge) {
        answer.setVary(PREFLIGHT_VARIES);
        answer.put(
                HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, asked.getOrEmpty(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD));
        List<String> names = asked.getOrEmpty(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (!names.isEmpty()) {
            answer.put(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
        answer.setAccessControlMaxAge(maxAge.toSeconds());
    }

    /**
     * Opens an answer to the allowed origin that asked. What a backend said about access gives way, for two such
     * headers are none to a browser; what it exposes stays.
     */
    public void open(ServerHttpRequest request, HttpHeaders answer) {
        open(request.getHeaders().getFirst(HttpHeaders.ORIGIN), answer);
    }

    private static void open(@Nullable String origin, HttpHeaders answer) {
        answer.setAccessControlAllowOrigin(origin);
        answer.setAccessControlAllowCredentials(true);
        answer.add(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "Latchkey-Access-Token, Latchkey-Refresh-Token");
        answer.add(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, HttpHeaders.RETRY_AFTER);
    }

    /** Tells caches that the answer depends on who asked, even where it was not opened. */
    public void vary(HttpHeaders answer) {
        if (!answer.getVary().contains(HttpHeaders.ORIGIN)) {
            answer.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
    }
}
