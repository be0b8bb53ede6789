package dev.latchkey.gateway.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Interner;
import dev.latchkey.gateway.cache.BoundedCache;
import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Roles;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The claims of access tokens that this node has verified, by the SHA-256 of the token. About 320 bytes each: a million
 * of them must fit into the heap, so neither the token nor anything else is stored twice.
 */
final class VerifiedTokens {

    /** Without the subject's name. */
    private static final int BYTES = 220 + BoundedCache.ENTRY_BYTES;

    /** Four optional values, without their characters. */
    private static final int PROVIDER_BYTES = 300;

    /** The thumbprint of a key. */
    private static final int BOUND_BYTES = 120;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Cache<Digest, Known> verified;
    private final Interner<Roles> roles = Interner.newWeakInterner();

    /** @param life of an access token */
    VerifiedTokens(CacheProperties properties, Duration life, MeterRegistry meters) {
        this.verified = BoundedCache.of(
                "latchkey.access.tokens",
                properties.accessTokens(),
                life,
                (digest, known) -> BYTES + known.claims.subject().value().length() + bytes(known.claims),
                meters);
    }

    private static int bytes(AccessClaims claims) {
        return bytes(claims.provider())
                + claims.roles().ownBytes()
                + (claims.boundTo().isEmpty() ? 0 : BOUND_BYTES);
    }

    private static int bytes(IdTokenClaims provider) {
        return provider.equals(IdTokenClaims.NONE)
                ? 0
                : PROVIDER_BYTES
                        + 2 * provider.name().map(String::length).orElse(0)
                        + provider.email().map(String::length).orElse(0)
                        + provider.acr().map(String::length).orElse(0);
    }

    /** The claims of a token that was verified with these keys, whether or not it has expired since; null if none. */
    @Nullable
    AccessClaims find(AccessToken token, KeySets keys) {
        Known known = verified.getIfPresent(Digest.of(token));
        return known != null && known.keys.equals(keys) ? known.claims : null;
    }

    void add(AccessToken token, KeySets keys, AccessClaims claims) {
        verified.put(Digest.of(token), new Known(keys, claims.sharing(roles.intern(claims.roles()))));
    }

    /** SHA-256: nobody finds a token that is not ours and has the digest of one that is. */
    private record Digest(long first, long second, long third, long fourth) {

        static Digest of(AccessToken token) {
            return token.hashed(Digest::read);
        }

        private static Digest read(byte[] hash) {
            return new Digest(longAt(hash, 0), longAt(hash, 1), longAt(hash, 2), longAt(hash, 3));
        }

        private static long longAt(byte[] hash, int index) {
            return (long) LONGS.get(hash, index * Long.BYTES);
        }
    }

    /** @param keys with which the token was verified */
    private record Known(KeySets keys, AccessClaims claims) {}
}
