package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.TokenPair;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Hands rotated tokens to the client at the last moment before the response leaves, and only if they may still be set:
 * a slow backend's answer must not bring an older generation back.
 */
@Component
public final class RotatedTokens {

    private final Rotation rotation;
    private final TokenCookies cookies;

    RotatedTokens(Rotation rotation, TokenCookies cookies) {
        this.rotation = rotation;
        this.cookies = cookies;
    }

    /** Registers the cookies, or for a client that sent headers the headers, with the exchange's response. */
    public void setAtCommit(ServerWebExchange exchange, PresentedTokens presented, Rotated rotated) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> rotation.maySet(rotated)
                .filter(Boolean::booleanValue)
                .doOnNext(yes -> set(response, presented, rotated.pair()))
                .then());
    }

    private void set(ServerHttpResponse response, PresentedTokens presented, TokenPair pair) {
        response.getHeaders().setCacheControl("no-store");
        if (presented.fromCookies()) {
            cookies.rotated(pair).forEach(response::addCookie);
            return;
        }
        HttpHeaders headers = response.getHeaders();
        headers.set(TokenHeaders.ACCESS, pair.access().value());
        pair.refresh().ifPresent(token -> headers.set(TokenHeaders.REFRESH, token.value()));
    }
}
