package dev.latchkey.gateway.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import dev.latchkey.gateway.cache.BoundedCache;
import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.denylist.RevocationListener;
import dev.latchkey.gateway.denylist.users.RevokedUsers;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.upstream.Relayed.Token;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The only place where providers' tokens are kept unsealed: bounded, and left as soon as their session is denied. Those
 * of a user who is revoked are looked for within a second; no request gets them meanwhile, because the denylist is
 * asked before.
 */
@Component
final class AccessTokenCache implements RevocationListener {

    /** What a token is kept for at most; what another node fetched meanwhile is then used. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** A token that ends sooner could end before its backend sees it. */
    static final Duration LEAST_LIFE = Duration.ofSeconds(2);

    /** Tokens of one session; a further audience takes the place of the others. */
    private static final int MOST_AUDIENCES = 8;

    /** A tenth of the memory for verified access tokens; what routes relay is seldom more than one for each session. */
    private static final int SHARE = 10;

    private static final int BYTES_BESIDE_TEXT = 128;

    /** A power of two. */
    private static final int COUNTERS = 1024;

    private final InstantSource clock;
    private final Cache<SessionId, Kept> sessions;

    /** How often tokens of a session were dropped; some sessions share a counter. */
    private final AtomicLongArray drops = new AtomicLongArray(COUNTERS);

    private final AtomicLong userRevocations = new AtomicLong();
    private final RevokedUsers revokedUsers = new RevokedUsers(this::drop);

    AccessTokenCache(CacheProperties caches, InstantSource clock, MeterRegistry meters) {
        this.clock = clock;
        this.sessions = BoundedCache.of(
                "latchkey.upstream.tokens",
                caches.accessTokens() / SHARE,
                LONGEST,
                (session, kept) -> BoundedCache.ENTRY_BYTES + kept.bytes(),
                meters);
    }

    /** What was put for this audience, if it does not end at once. */
    Optional<Relayed> get(SessionId session, Optional<String> audience) {
        @Nullable Kept kept = sessions.getIfPresent(session);
        @Nullable Cached cached = kept == null ? null : kept.answers.get(audience);
        return Optional.ofNullable(cached)
                .filter(answer -> clock.instant().plus(LEAST_LIFE).isBefore(answer.ends))
                .map(Cached::answer);
    }

    /** How often anything was dropped that may be of this session: to be asked before what is put is read. */
    long drops(SessionId session) {
        return drops.get(counter(session)) + userRevocations.get();
    }

    private static int counter(SessionId session) {
        return (int) session.low() & (COUNTERS - 1);
    }

    /**
     * Keeps an answer, unless tokens of its session were dropped while it was on its way, or those of any user: it may
     * be one of them.
     *
     * @param life how long it is good for
     * @param before {@link #drops} before it was read
     */
    void put(AccessClaims caller, Optional<String> audience, Relayed answer, Duration life, long before) {
        Kept added = new Kept(
                caller.subject().hashCode(),
                caller.authTime().toEpochMilli(),
                Map.of(audience, new Cached(answer, clock.instant().plus(life))));
        sessions.asMap().merge(caller.session(), added, Kept::with);
        if (drops(caller.session()) != before) {
            sessions.invalidate(caller.session());
        }
    }

    /**
     * Forgets what belongs to a session, such as when its tokens were refreshed: the provider may void the old ones.
     */
    void drop(SessionId session) {
        drops.incrementAndGet(counter(session));
        sessions.invalidate(session);
    }

    @Override
    public void sessionRevoked(SessionId session) {
        drop(session);
    }

    @Override
    public void rolesChanged(Subject subject, Roles roles) {
        // The provider's token carries none of the gateway's roles.
    }

    @Override
    public void userRevoked(Subject subject, Instant notBefore) {
        userRevocations.incrementAndGet();
        revokedUsers.add(subject, notBefore);
    }

    private void drop(RevokedUsers.Affected affected) {
        sessions.asMap().values().removeIf(kept -> affected.includes(kept.subject, kept.authTime));
    }

    /**
     * Of one session.
     *
     * @param subject the hash of its user
     * @param authTime when it began, in milliseconds
     */
    private record Kept(int subject, long authTime, Map<Optional<String>, Cached> answers) {

        private Kept with(Kept added) {
            boolean isFurther = !answers.keySet().containsAll(added.answers.keySet());
            Map<Optional<String>, Cached> all =
                    new HashMap<>(isFurther && answers.size() >= MOST_AUDIENCES ? Map.of() : answers);
            all.putAll(added.answers);
            return new Kept(subject, authTime, Map.copyOf(all));
        }

        private int bytes() {
            return answers.values().stream().mapToInt(Cached::bytes).sum();
        }
    }

    private record Cached(Relayed answer, Instant ends) {

        private int bytes() {
            return BYTES_BESIDE_TEXT
                    + (answer instanceof Token token ? token.credentials().length() : 0);
        }
    }
}
