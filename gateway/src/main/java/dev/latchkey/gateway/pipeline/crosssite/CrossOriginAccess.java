package dev.latchkey.gateway.pipeline.crosssite;

import dev.latchkey.gateway.token.TokenHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * What responses say about other origins (the CORS protocol of the Fetch standard). It opens them to the allowed
 * origins only; what a request may do is still decided by {@link OriginCheck}.
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

    /** Whether no other origin is allowed, so that there is nothing to say. */
    public boolean isClosed() {
        return allowedOrigins.isEmpty();
    }

    /** Whether the request says that it comes from an allowed origin, which {@code null} never is. */
    public boolean isAllowed(ServerHttpRequest request) {
        return originOf(request).filter(allowedOrigins::contains).isPresent();
    }

    private static Optional<String> originOf(ServerHttpRequest request) {
        List<String> origins = request.getHeaders().getOrEmpty(HttpHeaders.ORIGIN);
        return origins.size() == 1 ? Optional.of(origins.get(0)) : Optional.empty();
    }

    /**
     * Opens a response to an allowed origin, and informs caches that it depends on the origin even if it was not
     * opened. What a backend said about access is replaced, because browsers ignore two such headers; what it exposes
     * stays.
     *
     * @param origin what the request says, if it says one
     */
    public void describe(Optional<String> origin, HttpHeaders answer) {
        if (!isClosed() && !answer.getVary().contains(HttpHeaders.ORIGIN)) {
            answer.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
        origin.filter(allowedOrigins::contains).ifPresent(allowed -> open(allowed, answer));
    }

    /** Opens the response to a request in the same way. */
    public void describe(ServerHttpRequest request, HttpHeaders answer) {
        describe(originOf(request), answer);
    }

    /** Whether it is the preflight of another request. */
    public static boolean isPreflight(ServerHttpRequest request) {
        return HttpMethod.OPTIONS.equals(request.getMethod())
                && request.getHeaders().containsHeader(HttpHeaders.ORIGIN)
                && request.getHeaders().containsHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Grants what the preflight of an allowed origin asks for. */
    public void grant(ServerHttpRequest preflight, HttpHeaders answer) {
        originOf(preflight).ifPresent(origin -> open(origin, answer));
        grantAsked(preflight.getHeaders(), answer, PREFLIGHT_AGE);
    }

    /** Grants the method and the headers that a preflight names; whether they are allowed was decided before. */
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

    private static void open(String origin, HttpHeaders answer) {
        answer.setAccessControlAllowOrigin(origin);
        answer.setAccessControlAllowCredentials(true);
        answer.add(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, TokenHeaders.ACCESS + ", " + TokenHeaders.REFRESH);
        answer.add(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, HttpHeaders.RETRY_AFTER);
    }
}
