package dev.latchkey.gateway.pipeline.authentication;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Finds out who is asking, and renews the tokens on the way where that is needed. */
public interface Authentication {

    /**
     * Reads, checks and, where needed, rotates. Rotated tokens are set on the exchange's response when it commits.
     * Never fails with an exception: trouble with Redis is {@link AuthenticationResult.Stopped} with a 503.
     */
    Mono<AuthenticationResult> authenticate(ServerWebExchange exchange);

    /** As {@link #authenticate}, and the session is read in Redis; where that is away, the request is stopped. */
    Mono<AuthenticationResult> authenticateStrictly(ServerWebExchange exchange);
}
