package dev.latchkey.gateway.token;

import java.util.List;

/**
 * The names under which a browser keeps its tokens. The refresh token has two, chosen by the parity of its generation,
 * so that a late response cannot replace a newer generation by an older one.
 *
 * @param prefix for example {@code __Host-latchkey-}
 */
public record CookieNames(String prefix) {

    private static final String RETURN = "return-";

    /** The name of the one access cookie. */
    public String access() {
        return prefix + "access";
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

    /** Whether a cookie of this name is the gateway's. */
    public boolean owns(String name) {
        return name.equals(access())
                || name.equals(refresh(0))
                || name.equals(refresh(1))
                || name.startsWith(prefix + RETURN);
    }

    private String refresh(int parity) {
        return prefix + "refresh-" + parity;
    }
}
