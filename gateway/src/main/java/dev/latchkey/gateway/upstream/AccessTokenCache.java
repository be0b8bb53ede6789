package dev.latchkey.gateway.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import dev.latchkey.gateway.cache.BoundedCache;
import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.denylist.RevocationListener;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.upstream.Relayed.Token;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The only place where providers' tokens are kept unsealed: bounded, and left as soon as their session is denied. */
@Component
final class AccessTokenCache implements RevocationListener {

    /** What a token is kept for at most; what another node fetched meanwhile is then used. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** A token that ends sooner could end before its backend sees it. */
    static final Duration LEAST_LIFE = Duration.ofSeconds(2);

    /** Tokens of one session; a further audience takes the place of the others. */
    private static final int MOST_AUDIENCES = 8;

    /** Of the memory for verified access tokens; what routes relay is seldom more than one for each session. */
    private static final int SHARE = 10;

    private static final int BYTES_BESIDE_TEXT = 128;

    private final Cache<SessionId, Map<Optional<String>, Cached>> tokens;

    AccessTokenCache(CacheProperties caches, MeterRegistry meters) {
        this.tokens = BoundedCache.of(
                "latchkey.upstream.tokens",
                caches.accessTokens() / SHARE,
                LONGEST,
                (session, cached) -> bytes(cached),
                meters);
    }

    private static int bytes(Map<Optional<String>, Cached> tokens) {
        return tokens.values().stream()
                .mapToInt(cached -> BYTES_BESIDE_TEXT + cached.token.value().length())
                .reduce(BoundedCache.ENTRY_BYTES, Integer::sum);
    }

    /** A token for this audience that does not end at once. */
    Optional<Token> get(SessionId session, Optional<String> audience, Instant now) {
        Map<Optional<String>, Cached> known = tokens.getIfPresent(session);
        @Nullable Cached cached = known == null ? null : known.get(audience);
        return Optional.ofNullable(cached)
                .filter(token -> now.plus(LEAST_LIFE).isBefore(token.ends))
                .map(Cached::token);
    }

    void put(SessionId session, Optional<String> audience, Token token, Instant ends) {
        tokens.asMap().merge(session, Map.of(audience, new Cached(token, ends)), AccessTokenCache::with);
    }

    private static Map<Optional<String>, Cached> with(
            Map<Optional<String>, Cached> known, Map<Optional<String>, Cached> added) {
        Map<Optional<String>, Cached> all = new HashMap<>(known.size() < MOST_AUDIENCES ? known : Map.of());
        all.putAll(added);
        return Map.copyOf(all);
    }

    @Override
    public void sessionRevoked(SessionId session) {
        tokens.invalidate(session);
    }

    @Override
    public void rolesChanged(Subject subject, Roles roles) {
        // The provider's token carries none of the gateway's roles.
    }

    /**
     * Whose tokens they are is not kept, so all go: each costs one read to have again. One by one, because to clear the
     * cache at once would wait for a lock, and this is an event loop.
     */
    @Override
    public void userRevoked(Subject subject, Instant notBefore) {
        tokens.asMap().keySet().removeIf(session -> true);
    }

    private record Cached(Token token, Instant ends) {}
}
