package dev.latchkey.gateway.pipeline.cookies;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.token.cookie.CookieNames;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Makes the gateway's cookies: HttpOnly, SameSite=Lax, Path=/, no Domain, alive as long as the session may be; only the
 * access cookie of a session that is bound to a device ends with its token, so that the browser renews it. Clearing
 * repeats every attribute, or a browser ignores it (RFC 6265 section 5.3).
 */
@Component
public final class TokenCookies {

    private static final Duration SKEW = Duration.ofSeconds(10);

    private static final String SIGNED_OUT = "signed-out";

    /** The registration of a device's key rotates the first generation away. */
    private static final Generation BOUND_WITH = Generation.FIRST.next();

    private final CookieNames names;
    private final boolean secure;

    TokenCookies(CookieProperties properties) {
        this.names = properties.names();
        this.secure = properties.secure();
    }

    /**
     * What a rotation sets: the access cookie, and the refresh cookie of its parity if there is a new one. One that
     * binds a session clears the other parity's, which opens the session without a proof if the response was lost.
     */
    public List<SetCookie> rotated(TokenPair pair) {
        Duration life = life(pair);
        List<SetCookie> cookies = new ArrayList<>();
        Duration accessLife = pair.claims().deviceBound() ? renewedAfter(pair.claims()) : life;
        cookies.add(cookie(names.access(), pair.access().value(), accessLife));
        String refresh = names.refresh(pair.claims().generation());
        pair.refresh().ifPresent(token -> cookies.add(cookie(refresh, token.value(), life)));
        if (binds(pair)) {
            cookies.add(cleared(names.refresh(Generation.FIRST)));
        }
        return List.copyOf(cookies);
    }

    private static boolean binds(TokenPair pair) {
        return pair.claims().deviceBound() && pair.claims().generation().equals(BOUND_WITH);
    }

    /** What a sign-in sets: its own pair, and nothing of any older session in the cookie of the other parity. */
    public List<SetCookie> signedIn(TokenPair pair) {
        List<SetCookie> cookies = new ArrayList<>(rotated(pair));
        cookies.add(cleared(names.refresh(pair.claims().generation().next())));
        return List.copyOf(cookies);
    }

    /** What a sign-out sets: all three, cleared. */
    public List<SetCookie> signedOut() {
        return List.of(
                cleared(names.access()),
                cleared(names.refresh(Generation.FIRST)),
                cleared(names.refresh(Generation.FIRST.next())));
    }

    /**
     * The same for a session that lives, since nobody has proven the key of its device. Its browser may still have that
     * key and would ask without an end to renew: the refresh cookie that it keeps instead is no token, and says to the
     * gateway that it was signed out, where a request without any may only have come by a link of another site.
     */
    public List<SetCookie> signedOut(RefreshClaims bound) {
        return List.of(
                cleared(names.access()),
                cookie(
                        names.refresh(Generation.FIRST),
                        SIGNED_OUT,
                        Duration.between(bound.issuedAt(), bound.expiresAt())),
                cleared(names.refresh(Generation.FIRST.next())));
    }

    /** Has a browser renew the access cookie of a session that is bound to it, though its life is not over. */
    public SetCookie accessCleared() {
        return cleared(names.access());
    }

    /**
     * Which cookie a browser renews, and how it knows it.
     *
     * @return its name and the attributes that each {@link SetCookie#line} has
     */
    public Renewed renewed() {
        return new Renewed(names.access(), "Path=/" + (secure ? "; Secure" : "") + "; HttpOnly; SameSite=Lax");
    }

    /** The name and the attributes of a cookie. */
    public record Renewed(String name, String attributes) {}

    /** What a redirect to the sign-in page sets if the return path is kept: its key, for this attempt alone. */
    public SetCookie returnPath(String attempt, String key, Duration life) {
        return cookie(names.returnPath(attempt), key, life);
    }

    /** The name of the cookie in which a browser sends that key back. */
    public String returnPathName(String attempt) {
        return names.returnPath(attempt);
    }

    /**
     * What binds an attempt to sign in at a provider to this browser.
     *
     * @param id of the attempt, a part of the name
     */
    public SetCookie attempt(String id, String value, Duration life) {
        return cookie(names.attempts() + id, value, life);
    }

    /** What the names of those cookies begin with. */
    public String attempts() {
        return names.attempts();
    }

    private SetCookie cleared(String name) {
        return cookie(name, "", Duration.ZERO);
    }

    private SetCookie cookie(String name, String value, Duration life) {
        return new SetCookie(name, value, life, secure);
    }

    /** Before the token ends, by what an answer and a request travel, and by how clocks may differ. */
    private static Duration renewedAfter(AccessClaims claims) {
        Duration life = Duration.between(claims.issuedAt(), claims.expiresAt());
        Duration sixth = life.dividedBy(6);
        return life.minus(sixth.compareTo(SKEW) < 0 ? sixth : SKEW);
    }

    /** Measured from the token's issue, so that only the clock of Redis counts. */
    private static Duration life(TokenPair pair) {
        Instant issued = pair.claims().issuedAt();
        Duration left = Duration.between(issued, pair.sessionExpiresAt());
        return left.isNegative() ? Duration.ZERO : left;
    }
}
