package dev.latchkey.gateway.token.cookie;

import dev.latchkey.gateway.token.Generation;
import java.util.List;

/**
 * The names under which a browser keeps its tokens. The refresh token has two, chosen by the parity of its generation,
 * so that a late response cannot replace a newer generation by an older one.
 *
 * @param prefix for example {@code __Host-latchkey-}
 */
public record CookieNames(String prefix) {

    /**
     * The cookie of an operator at the management port's console. Cookies know no ports (RFC 6265 section 8.5), so a
     * browser sends it to the gateway's own port of the same host, too.
     */
    public static final String OPERATOR = "latchkey-operator";

    private static final String ACCESS = "access";
    private static final String REFRESH_0 = "refresh-0";
    private static final String REFRESH_1 = "refresh-1";
    private static final String RETURN = "return-";
    private static final String ATTEMPT = "attempt-";

    /** The name of the one access cookie. */
    public String access() {
        return prefix + ACCESS;
    }

    /** The name of the refresh cookie that holds this generation. */
    public String refresh(Generation generation) {
        return refresh(generation.parity());
    }

    /** Both refresh cookies. */
    public List<String> refreshes() {
        return List.of(refresh(0), refresh(1));
    }

    /** The cookie that leads back to where one attempt to sign in began. */
    public String returnPath(String attempt) {
        return prefix + RETURN + attempt;
    }

    /** What the names of all cookies begin with that bind attempts to sign in at a provider to this browser. */
    public String attempts() {
        return prefix + ATTEMPT;
    }

    /** Whether a header line may have a name in it that is the gateway's; mostly none has. */
    public boolean mayBeIn(String line) {
        return line.contains(prefix) || line.contains(OPERATOR);
    }

    /** Whether the name that stands in a text from one position to another is a cookie of the gateway's. */
    public boolean owns(String text, int from, int end) {
        return is(OPERATOR, text, from, end) || isUsers(text, from, end);
    }

    private boolean isUsers(String text, int from, int end) {
        int rest = from + prefix.length();
        return rest <= end
                && text.startsWith(prefix, from)
                && (is(ACCESS, text, rest, end)
                        || is(REFRESH_0, text, rest, end)
                        || is(REFRESH_1, text, rest, end)
                        || begins(RETURN, text, rest, end)
                        || begins(ATTEMPT, text, rest, end));
    }

    private static boolean begins(String beginning, String text, int from, int end) {
        return from + beginning.length() <= end && text.startsWith(beginning, from);
    }

    private static boolean is(String name, String text, int from, int end) {
        return end - from == name.length() && text.startsWith(name, from);
    }

    private String refresh(int parity) {
        return prefix + (parity == 0 ? REFRESH_0 : REFRESH_1);
    }
}
