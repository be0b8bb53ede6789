package dev.latchkey.gateway.pipeline.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Interner;
import dev.latchkey.gateway.cache.BoundedCache;
import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.denylist.RevocationListener;
import dev.latchkey.gateway.denylist.users.RevokedUsers;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The identity tokens that this node has signed. One serves all requests of a session to an audience, whatever access
 * token they come with, while the roles and the key are the same; about 650 bytes each. Whether a session is bound to a
 * client's key, and to which, never changes.
 */
@Component
final class IdentityTokens implements RevocationListener {

    /** A token that leaves with a request has at least this long to live, for a request that is on its way. */
    static final Duration LEAST_LEFT = Duration.ofSeconds(30);

    /** A session that speaks with more backends has some of its tokens signed again. */
    private static final int MOST_AUDIENCES = 32;

    private static final int SESSION_BYTES = 32 + BoundedCache.ENTRY_BYTES;
    private static final int TOKEN_BYTES = 96;

    private final IdentityTokenSigner signer;
    private final IdentityLifetime lifetime;
    private final InstantSource clock;
    private final Cache<SessionId, Signed> tokens;
    private final Interner<Roles> roles = Interner.newWeakInterner();
    private final RevokedUsers revokedUsers = new RevokedUsers(this::drop);

    IdentityTokens(
            IdentityTokenSigner signer,
            IdentityLifetime lifetime,
            CacheProperties caches,
            InstantSource clock,
            MeterRegistry meters) {
        this.signer = signer;
        this.lifetime = lifetime;
        this.clock = clock;
        this.tokens = BoundedCache.of(
                "latchkey.identity.tokens",
                caches.identityTokens(),
                lifetime.longest(),
                (session, first) -> SESSION_BYTES + first.roles().ownBytes() + first.bytes(),
                meters);
    }

    /** A token that was signed before and can leave with a request now. */
    Optional<IdentityToken> find(AccessClaims caller, Audience audience) {
        String key = signer.keyId();
        Signed signed = tokens.getIfPresent(caller.session());
        while (signed != null && !signed.serves(caller, audience, key)) {
            signed = signed.next();
        }
        return signed != null && lasts(signed, caller) ? Optional.of(signed.token()) : Optional.empty();
    }

    /** Where a new one would live no longer, as at the end of a session, the old one serves until it ends. */
    private boolean lasts(Signed signed, AccessClaims caller) {
        return TimeUnit.SECONDS.toMillis(signed.expires()) >= clock.millis() + LEAST_LEFT.toMillis()
                || !Instant.ofEpochSecond(signed.expires()).isBefore(lifetime.end(caller, clock.instant()));
    }

    /** Signs a token and remembers it. */
    IdentityToken sign(AccessClaims caller, Audience audience) {
        Instant now = clock.instant();
        Instant expires = lifetime.end(caller, now);
        String key = signer.keyId();
        IdentityToken token = signer.sign(new IdentityClaims(
                caller.subject(),
                caller.session().publicId(),
                caller.roles(),
                caller.provider().name(),
                caller.provider().email(),
                audience,
                caller.boundTo(),
                lifetime.start(now),
                expires));
        Signed signed = new Signed(
                audience,
                roles.intern(caller.roles()),
                key,
                caller.subject().hashCode(),
                claimsHash(caller),
                caller.authenticated(),
                expires.getEpochSecond(),
                token.credentials(),
                null);
        tokens.asMap().compute(caller.session(), (session, known) -> signed.before(known, now));
        return token;
    }

    /** A hash of what else the token says of its caller. */
    private static int claimsHash(AccessClaims caller) {
        int profile = 31 * caller.provider().name().hashCode()
                + caller.provider().email().hashCode();
        return 31 * profile + caller.boundTo().hashCode();
    }

    /** How many sessions have tokens here. */
    long sessions() {
        return tokens.asMap().size();
    }

    @Override
    public void sessionRevoked(SessionId session) {
        tokens.invalidate(session);
    }

    @Override
    public void rolesChanged(Subject subject, Roles unused) {
        revokedUsers.add(subject, Instant.MAX);
    }

    @Override
    public void userRevoked(Subject subject, Instant notBefore) {
        revokedUsers.add(subject, notBefore);
    }

    private void drop(RevokedUsers.Affected affected) {
        tokens.asMap().values().removeIf(signed -> affected.includes(signed.subject(), signed.authTime()));
    }

    /**
     * A token and those of the same session for other audiences.
     *
     * @param key the {@code kid} that it was signed with
     * @param subject the hash of the subject
     * @param claimsHash a hash of the name and the address that the provider gave, and of the key that is proven
     * @param authTime in milliseconds
     * @param expires in seconds
     */
    private record Signed(
            Audience audience,
            Roles roles,
            String key,
            int subject,
            int claimsHash,
            long authTime,
            long expires,
            String credentials,
            @Nullable Signed next) {

        boolean serves(AccessClaims caller, Audience wanted, String signing) {
            return audience.equals(wanted)
                    && key.equals(signing)
                    && roles.equals(caller.roles())
                    && claimsHash == IdentityTokens.claimsHash(caller)
                    && authTime == caller.authenticated();
        }

        IdentityToken token() {
            return new IdentityToken(credentials);
        }

        int bytes() {
            int sum = 0;
            for (Signed each = this; each != null; each = each.next) {
                sum += TOKEN_BYTES + each.credentials.length();
            }
            return sum;
        }

        /** In front of those that are for other audiences and have not expired. */
        Signed before(@Nullable Signed known, Instant now) {
            Deque<Signed> oldestFirst = new ArrayDeque<>();
            for (Signed each = known; each != null && oldestFirst.size() < MOST_AUDIENCES - 1; each = each.next) {
                if (!each.audience.equals(audience) && each.expires > now.getEpochSecond()) {
                    oldestFirst.push(each);
                }
            }
            Signed others = null;
            for (Signed each : oldestFirst) {
                others = each.with(others);
            }
            return with(others);
        }

        private Signed with(@Nullable Signed others) {
            return new Signed(audience, roles, key, subject, claimsHash, authTime, expires, credentials, others);
        }

        /** Never shows the token. */
        @Override
        public String toString() {
            return "Signed[hidden]";
        }
    }
}
