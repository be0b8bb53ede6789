package dev.latchkey.gateway.pipeline.forwarding;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which headers a route may look at, set or remove. The others say who is calling or for whom a proxy forwards, which
 * is the gateway's to say, or belong to one connection (RFC 9110 section 7.6.1).
 */
public final class RouteHeaders {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
    private static final Set<String> OF_OTHERS = Set.of(
            "authorization",
            "clear-site-data",
            "connection",
            "content-length",
            "cookie",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** The key under which a route's metadata hold which of {@link #isHeldBack} it passes on, a list of names. */
    public static final String PASSED_KEY = "latchkey.passed-headers";

    private RouteHeaders() {}

    /** Whether it is a header's name at all (RFC 9110 section 5.1). */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a route may. */
    public static boolean isFree(String name) {
        String folded = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
        return !OF_OTHERS.contains(folded)
                && !folded.startsWith("proxy-")
                && !folded.startsWith("sec-websocket-")
                && !ReservedNames.isOurs(name)
                && !ReservedNames.tellsForWhom(name);
    }

    /**
     * Whether a client's header reaches a backend only where the route says so, because some backends would act on
     * another method or path than the gateway looked at: {@code X-HTTP-Method-Override}, {@code X-Original-URL}.
     */
    public static boolean isHeldBack(String name) {
        return ReservedNames.overridesRequest(name);
    }

    /** Whether a backend could take one name for the other, as CGI does {@code X_Tenant} for {@code X-Tenant}. */
    public static boolean areSame(String one, String other) {
        return ReservedNames.areSame(one, other);
    }
}
