package dev.latchkey.gateway.pipeline.crosssite;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Whether a browser may send this request, with cookies, from where it stands. */
public interface CrossSiteCheck {

    /**
     * Safe methods pass, but for a WebSocket handshake. The rest passes with an allowed {@code Origin}, else with
     * {@code Sec-Fetch-Site: same-origin} or {@code none}, else, where that header is missing, with one of our own
     * origins or none at all.
     */
    boolean allows(ServerHttpRequest request);
}
