package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.TokenHeaders;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which header names are the gateway's to set, in any spelling that a backend could fold into them (CGI and its
 * successors make one variable of {@code X_Y}, {@code x.y} and {@code X-Y}, RFC 3875 section 4.1.18), and which a route
 * may look at, set or remove.
 */
public final class ReservedHeaders {

    /** The key under which a route's metadata hold the names that it passes on although they override the request. */
    public static final String PASSED_KEY = "latchkey.passed-headers";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    private static final String FAMILY =
            TokenHeaders.RESERVED_PREFIX.substring(0, TokenHeaders.RESERVED_PREFIX.length() - 1);

    /** They say who is calling, or belong to one connection (RFC 9110 section 7.6.1). */
    private static final Set<String> NOT_OF_ROUTES = Set.of(
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

    /** {@code Proxy} is there because CGI makes {@code HTTP_PROXY} of it, by which many clients choose their proxy. */
    private static final Set<String> OVERRIDES =
            Set.of("proxy", "x-http-method", "x-http-host-override", "x-http-path-override", "x-override-url");

    /** Wherever it stands in a name: after {@code X-HTTP-}, {@code X-}, {@code HTTP-} or nothing. */
    private static final Pattern METHOD_OVERRIDE = Pattern.compile("method-?override");

    private static final Pattern PUNCTUATION = Pattern.compile("[^a-z0-9]");

    private ReservedHeaders() {}

    /** Whether it is a header's name at all (RFC 9110 section 5.1). */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a route may look at, set or remove it. */
    public static boolean isFree(String name) {
        String folded = folded(name);
        return !NOT_OF_ROUTES.contains(folded)
                && !folded.startsWith("proxy-")
                && !folded.startsWith("sec-websocket-")
                && !isOurs(name)
                && !tellsForWhom(name);
    }

    /**
     * Whether some backends would act on another method, path or host than the gateway looked at, such as by
     * {@code X-HTTP-Method-Override} or {@code X-Original-URL}: a client's reaches a backend only if the route says so.
     */
    public static boolean overridesRequest(String name) {
        String folded = folded(name);
        return folded.startsWith("x-original-")
                || folded.startsWith("x-rewrite-")
                || OVERRIDES.contains(folded)
                || METHOD_OVERRIDE.matcher(folded).find();
    }

    /** Whether a backend could take one name for the other, as CGI does {@code X_Tenant} for {@code X-Tenant}. */
    public static boolean areSame(String one, String other) {
        return one.length() == other.length() && folded(one).equals(folded(other));
    }

    /** Whether the name is of the {@code latchkey-} family: the word, then anything but a letter or digit. */
    static boolean isOurs(String name) {
        return name.length() > FAMILY.length()
                && startsWith(name, FAMILY)
                && !Character.isLetterOrDigit(name.charAt(FAMILY.length()));
    }

    /** Whether the header says for whom a proxy forwards. */
    static boolean tellsForWhom(String name) {
        if (!startsWith(name, "x") && !startsWith(name, "forwarded")) {
            return false;
        }
        String folded = folded(name);
        return folded.equals("forwarded")
                || folded.equals("x-forwarded")
                || folded.startsWith("x-forwarded-")
                || folded.equals("x-real-ip");
    }

    private static String folded(String name) {
        return PUNCTUATION.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
