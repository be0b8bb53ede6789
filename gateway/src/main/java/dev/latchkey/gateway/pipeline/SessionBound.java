package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.session.SessionProperties;
import dev.latchkey.gateway.token.AccessClaims;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Closes connections that would outlive their session: WebSocket and server-sent events end at its absolute end. */
@Component
final class SessionBound {

    private final Duration absoluteTimeout;
    private final InstantSource clock;

    SessionBound(SessionProperties properties, InstantSource clock) {
        this.absoluteTimeout = properties.absoluteTimeout();
        this.clock = clock;
    }

    Mono<Void> limit(ServerHttpRequest request, AccessClaims caller, Mono<Void> exchange) {
        if (!isLongLived(request)) {
            return exchange;
        }
        Instant end = caller.authTime().plus(absoluteTimeout);
        return exchange.takeUntilOther(Mono.delay(Duration.between(clock.instant(), end)));
    }

    private static boolean isLongLived(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String accept = headers.getFirst(HttpHeaders.ACCEPT);
        return headers.getUpgrade() != null || (accept != null && accept.contains("text/event-stream"));
    }
}
