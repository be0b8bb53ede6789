package dev.latchkey.gateway.pipeline.crosssite;

import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.token.TokenHeaders;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What responses say about other origins (the CORS protocol of the Fetch standard). It opens them to the allowed
 * origins only; what a request may do is still decided by {@link OriginCheck}.
 */
@Component
public final class CrossOriginAccess {

    private static final Duration PREFLIGHT_AGE = Duration.ofMinutes(10);

    private final Set<String> allowedOrigins;

    CrossOriginAccess(CrossSiteProperties properties) {
        this.allowedOrigins = properties.serialized();
    }

    /** Whether no other origin is allowed, so that there is nothing to say. */
    public boolean isClosed() {
        return allowedOrigins.isEmpty();
    }

    /** Whether the request says that it comes from an allowed origin, which {@code null} never is. */
    public boolean isAllowed(RequestHead request) {
        return !isClosed() && isAllowed(AccessControl.originOf(request.fields()));
    }

    private boolean isAllowed(@Nullable String origin) {
        return origin != null && allowedOrigins.contains(origin);
    }

    /**
     * Opens a response to an allowed origin, and informs caches that it depends on the origin even if it was not
     * opened. What a backend said about access is replaced, because browsers ignore two such headers; what it exposes
     * stays.
     *
     * @param origin what the request says; null if it says none, or two
     */
    public void describe(@Nullable String origin, MutableHeaderFields answer) {
        if (isClosed()) {
            return;
        }
        AccessControl.varyByOrigin(answer);
        if (origin != null && isAllowed(origin)) {
            open(origin, answer);
        }
    }

    /** Opens the response to a request in the same way. */
    public void describe(RequestHead request, MutableHeaderFields answer) {
        describe(isClosed() ? null : AccessControl.originOf(request.fields()), answer);
    }

    /** Whether it is the preflight of another request. */
    public static boolean isPreflight(RequestHead request) {
        return methodOfPreflight(request) != null;
    }

    /** The method of the request that this is a preflight of; null if it is none. */
    public static @Nullable String methodOfPreflight(RequestHead request) {
        return request.method().equals("OPTIONS") && request.fields().contains(AccessControl.ORIGIN)
                ? request.fields().first(AccessControl.REQUEST_METHOD)
                : null;
    }

    /** Grants what the preflight of an allowed origin asks for. */
    public void grant(RequestHead preflight, MutableHeaderFields answer) {
        String origin = AccessControl.originOf(preflight.fields());
        if (origin != null) {
            open(origin, answer);
        }
        AccessControl.grantAsked(preflight.fields(), answer, PREFLIGHT_AGE);
    }

    private static void open(String origin, MutableHeaderFields answer) {
        answer.set(AccessControl.ALLOW_ORIGIN, origin);
        answer.set(AccessControl.ALLOW_CREDENTIALS, "true");
        answer.add(AccessControl.EXPOSE_HEADERS, TokenHeaders.ACCESS + ", " + TokenHeaders.REFRESH);
        answer.add(AccessControl.EXPOSE_HEADERS, "Retry-After, DPoP-Nonce, WWW-Authenticate");
    }
}
