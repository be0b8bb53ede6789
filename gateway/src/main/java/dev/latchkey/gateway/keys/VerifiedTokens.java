package dev.latchkey.gateway.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Interner;
import dev.latchkey.gateway.cache.BoundedCache;
import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenId;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The claims of access tokens that this node has verified, by the SHA-256 of the token. About 290 bytes each: a million
 * of them must fit into the heap, so neither the token nor anything else is stored twice.
 */
final class VerifiedTokens {

    /** Without the subject's name. */
    private static final int BYTES = 188 + BoundedCache.ENTRY_BYTES;

    /** Four optional values, without their characters. */
    private static final int PROVIDER_BYTES = 300;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Cache<Digest, Compact> verified;
    private final Interner<Roles> roles = Interner.newWeakInterner();

    /** @param life of an access token */
    VerifiedTokens(CacheProperties properties, Duration life, MeterRegistry meters) {
        this.verified = BoundedCache.of(
                "latchkey.access.tokens",
                properties.accessTokens(),
                life,
                (digest, compact) -> BYTES + compact.subject.value().length() + bytes(compact.provider),
                meters);
    }

    private static int bytes(IdTokenClaims provider) {
        return provider.equals(IdTokenClaims.NONE)
                ? 0
                : PROVIDER_BYTES
                        + 2 * provider.name().map(String::length).orElse(0)
                        + provider.email().map(String::length).orElse(0)
                        + provider.acr().map(String::length).orElse(0);
    }

    /** The claims of a token that was verified with these keys, whether or not it has expired since. */
    Optional<AccessClaims> find(AccessToken token, KeySets keys) {
        Compact known = verified.getIfPresent(Digest.of(token));
        return known != null && known.keys.equals(keys) ? Optional.of(known.claims()) : Optional.empty();
    }

    /** Claims that would not come back as they are, which no token of the gateway has, are not remembered. */
    void add(AccessToken token, KeySets keys, AccessClaims claims) {
        Compact compact = Compact.of(claims, keys, roles.intern(claims.roles()));
        if (compact.claims().equals(claims)) {
            verified.put(Digest.of(token), compact);
        }
    }

    /** SHA-256: nobody finds a token that is not ours and has the digest of one that is. */
    private record Digest(long first, long second, long third, long fourth) {

        static Digest of(AccessToken token) {
            byte[] hash = token.sha256();
            return new Digest(longAt(hash, 0), longAt(hash, 1), longAt(hash, 2), longAt(hash, 3));
        }

        private static long longAt(byte[] hash, int index) {
            return (long) LONGS.get(hash, index * Long.BYTES);
        }
    }

    /** Claims without the objects that they are made of. */
    private record Compact(
            KeySets keys,
            Subject subject,
            Roles roles,
            SessionId session,
            int generation,
            int idHigh,
            long idLow,
            long issuedAt,
            long expiresAt,
            long authTime,
            IdTokenClaims provider) {

        static Compact of(AccessClaims claims, KeySets keys, Roles roles) {
            return new Compact(
                    keys,
                    claims.subject(),
                    roles,
                    claims.session(),
                    claims.generation().number(),
                    claims.id().high(),
                    claims.id().low(),
                    claims.issuedAt().toEpochMilli(),
                    claims.expiresAt().toEpochMilli(),
                    claims.authTime().toEpochMilli(),
                    claims.provider());
        }

        AccessClaims claims() {
            return new AccessClaims(
                    subject,
                    session,
                    new Generation(generation),
                    new TokenId(idHigh, idLow),
                    Instant.ofEpochMilli(issuedAt),
                    Instant.ofEpochMilli(expiresAt),
                    Instant.ofEpochMilli(authTime),
                    roles,
                    provider);
        }
    }
}
