package dev.latchkey.gateway.pipeline;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Where a person who navigates is sent to sign in. */
public interface SignInAddress {

    /**
     * The path on this host of a sign-in page that leads back afterwards; what it needs for that may be set on the
     * exchange's response. Never fails: if the return path cannot be kept, the page says so.
     *
     * @param wanted path and query of the request, as sent
     */
    Mono<String> leadingBackTo(ServerWebExchange exchange, String wanted);
}
