package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.http.FieldNames;
import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.TokenPair;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Gives rotated tokens to the client in the head of a response, which no cache may keep then. */
@Component
public final class RotatedTokens {

    private static final Set<String> CACHES = Set.of("expires", "surrogate-control", "x-accel-expires", "edge-control");

    private final TokenCookies cookies;

    RotatedTokens(TokenCookies cookies) {
        this.cookies = cookies;
    }

    /** Sets cookies, or headers for a client that sent headers. */
    public void set(NewTokens tokens, MutableHeaderFields response) {
        TokenPair pair = tokens.rotated().pair();
        keepFromCaches(response);
        if (tokens.presented().fromCookies()) {
            cookies.rotated(pair).forEach(cookie -> response.add("Set-Cookie", cookie.line()));
            return;
        }
        response.set(TokenHeaders.ACCESS, pair.access().value());
        pair.refresh().ifPresent(token -> response.set(TokenHeaders.REFRESH, token.value()));
    }

    /**
     * For a response that is its client's alone. Targeted headers take precedence over {@code Cache-Control} (RFC 9213
     * section 2.2), so they are removed.
     */
    public static void keepFromCaches(MutableHeaderFields response) {
        response.removeIf((name, value) -> isTargeted(FieldNames.lower(name)));
        response.set("Cache-Control", "no-store");
    }

    private static boolean isTargeted(String name) {
        return CACHES.contains(name) || name.endsWith("-cache-control");
    }
}
