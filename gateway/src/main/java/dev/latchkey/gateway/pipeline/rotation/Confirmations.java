package dev.latchkey.gateway.pipeline.rotation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenProperties;
import org.springframework.stereotype.Component;

/**
 * Confirms each generation once a node, off the request's way. One that is forgotten too early is confirmed again,
 * which does no harm; one that is lost delays the finding of a theft and signs nobody out.
 */
@Component
final class Confirmations {

    private static final int MOST = 100_000;

    private final RedisSessionStore sessions;
    private final Cache<Seen, Boolean> seen;

    Confirmations(RedisSessionStore sessions, TokenProperties properties) {
        this.sessions = sessions;
        this.seen = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(properties.accessTtl())
                .build();
    }

    /** Subscribes here on purpose: nobody waits for a confirmation, and it never fails. */
    void confirm(AccessClaims claims) {
        Seen generation = new Seen(claims.session(), claims.generation());
        if (seen.asMap().putIfAbsent(generation, Boolean.TRUE) == null) {
            sessions.confirm(claims.session(), claims.generation()).subscribe();
        }
    }

    private record Seen(SessionId session, Generation generation) {}
}
