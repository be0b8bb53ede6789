package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.TokenPair;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Gives rotated tokens to the client at the last moment before the response leaves, and only if they may still be set:
 * the response of a slow backend must not bring back an older generation.
 */
@Component
public final class RotatedTokens {

    private static final Set<String> CACHES = Set.of("expires", "surrogate-control", "x-accel-expires", "edge-control");

    private final Rotation rotation;
    private final TokenCookies cookies;

    RotatedTokens(Rotation rotation, TokenCookies cookies) {
        this.rotation = rotation;
        this.cookies = cookies;
    }

    /** Registers the cookies (the headers, for a client that sent headers) with the exchange's response. */
    public void setAtCommit(ServerWebExchange exchange, PresentedTokens presented, Rotated rotated) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> rotation.maySet(rotated)
                .filter(Boolean::booleanValue)
                .doOnNext(may -> set(response, presented, rotated.pair()))
                .then());
    }

    /** Targeted headers take precedence over {@code Cache-Control} (RFC 9213 section 2.2), so they are removed. */
    private static void keepFromCaches(HttpHeaders headers) {
        List<String> targeted =
                headers.headerNames().stream().filter(RotatedTokens::isTargeted).toList();
        targeted.forEach(headers::remove);
        headers.setCacheControl("no-store");
    }

    private static boolean isTargeted(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return CACHES.contains(folded) || folded.endsWith("-cache-control");
    }

    private void set(ServerHttpResponse response, PresentedTokens presented, TokenPair pair) {
        keepFromCaches(response.getHeaders());
        if (presented.fromCookies()) {
            cookies.rotated(pair).forEach(response::addCookie);
            return;
        }
        HttpHeaders headers = response.getHeaders();
        headers.set(TokenHeaders.ACCESS, pair.access().value());
        pair.refresh().ifPresent(token -> headers.set(TokenHeaders.REFRESH, token.value()));
    }
}
