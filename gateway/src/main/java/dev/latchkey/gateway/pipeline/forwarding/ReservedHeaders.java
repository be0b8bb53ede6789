package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.FieldNames;
import dev.latchkey.gateway.token.TokenHeaders;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which header names are the gateway's to set, in any spelling that a backend could fold into them (CGI and its
 * successors make one variable of {@code X_Y}, {@code x.y} and {@code X-Y}, RFC 3875 section 4.1.18), and which a route
 * may look at, set or remove.
 */
public final class ReservedHeaders {

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

    /** Letters, digits and, for everything else, hyphens: the names as {@link #folded(char)} makes them. */
    private static final List<String> OVERRIDES =
            List.of("x-http-method", "x-http-host-override", "x-http-path-override", "x-override-url");

    private static final String METHOD = "method";
    private static final String OVERRIDE = "override";

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
                && !isOfDeviceSession(name)
                && !tellsForWhom(name);
    }

    /**
     * Whether some backends would act on another method, path or host than the gateway looked at, such as by
     * {@code X-HTTP-Method-Override} or {@code X-Original-URL}: a client's reaches a backend only if the route says so.
     * CGI makes {@code HTTP_PROXY} of {@code Proxy}, by which many clients choose their proxy.
     */
    public static boolean overridesRequest(CharSequence name) {
        if (name.isEmpty()) {
            return false;
        }
        boolean isOne = switch (FieldNames.lower(name.charAt(0))) {
            case 'x' -> startsWith(name, "x-original-") || startsWith(name, "x-rewrite-") || isOverride(name);
            case 'p' -> is(name, "proxy");
            default -> false;
        };
        return isOne || overridesMethod(name);
    }

    private static boolean isOverride(CharSequence name) {
        boolean isOne = false;
        for (int each = 0; each < OVERRIDES.size() && !isOne; each++) {
            isOne = is(name, OVERRIDES.get(each));
        }
        return isOne;
    }

    /** Wherever it stands in a name: after {@code X-HTTP-}, {@code X-}, {@code HTTP-} or nothing. */
    private static boolean overridesMethod(CharSequence name) {
        int last = name.length() - METHOD.length() - OVERRIDE.length();
        for (int at = 0; at <= last; at++) {
            int next = at + METHOD.length();
            if (matches(name, at, METHOD)
                    && matches(name, folded(name.charAt(next)) == '-' ? next + 1 : next, OVERRIDE)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a backend could take one name for the other, as CGI does {@code X_Tenant} for {@code X-Tenant}. */
    public static boolean areSame(CharSequence one, CharSequence other) {
        boolean areSame = one.length() == other.length();
        for (int at = 0; at < one.length() && areSame; at++) {
            areSame = folded(one.charAt(at)) == folded(other.charAt(at));
        }
        return areSame;
    }

    /** Whether the name is of the {@code latchkey-} family: the word, then anything but a letter or digit. */
    static boolean isOurs(CharSequence name) {
        return name.length() > FAMILY.length()
                && FieldNames.startsWith(name, FAMILY)
                && !Character.isLetterOrDigit(name.charAt(FAMILY.length()));
    }

    /**
     * Whether the header is one in which a browser and the gateway bind a session to a device (W3C Device Bound Session
     * Credentials), by its name now or in the drafts before.
     */
    static boolean isOfDeviceSession(CharSequence name) {
        return startsWith(name, "secure-session-")
                || startsWith(name, "sec-secure-session-")
                || startsWith(name, "sec-session-");
    }

    /** Whether the header says for whom a proxy forwards. */
    static boolean tellsForWhom(CharSequence name) {
        return startsWith(name, "x-forwarded-")
                || is(name, "x-real-ip")
                || is(name, "forwarded")
                || is(name, "x-forwarded");
    }

    private static String folded(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int at = 0; at < name.length(); at++) {
            folded.append(folded(name.charAt(at)));
        }
        return folded.toString();
    }

    /** A letter of ASCII in lower case, a digit as it is, a hyphen for everything else. */
    private static char folded(char c) {
        char lower = FieldNames.lower(c);
        return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ? lower : '-';
    }

    private static boolean is(CharSequence name, String folded) {
        return name.length() == folded.length() && matches(name, 0, folded);
    }

    private static boolean startsWith(CharSequence name, String folded) {
        return matches(name, 0, folded);
    }

    private static boolean matches(CharSequence name, int from, String folded) {
        boolean matches = from + folded.length() <= name.length();
        for (int at = 0; at < folded.length() && matches; at++) {
            matches = folded(name.charAt(from + at)) == folded.charAt(at);
        }
        return matches;
    }
}
