package dev.latchkey.gateway.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Verifies a token once a node: a page sends the same one with each of its requests. What is remembered holds only
 * until {@code exp} and only under the keys that it was verified with; the denylist is not this room's to ask and is
 * asked each time. Only valid tokens are remembered, so that garbage drives out nothing.
 */
final class CachingAccessTokenCodec implements AccessTokenCodec {

    /** About a kilobyte each. */
    static final int MOST = 20_000;

    private final AccessTokenCodec codec;
    private final Supplier<KeySets> keys;
    private final InstantSource clock;
    private final Cache<AccessToken, Remembered> verified;

    CachingAccessTokenCodec(AccessTokenCodec codec, Supplier<KeySets> keys, InstantSource clock, Duration accessTtl) {
        this.codec = codec;
        this.keys = keys;
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(accessTtl)
                .build();
    }

    @Override
    public AccessToken sign(AccessClaims claims) {
        return codec.sign(claims);
    }

    @Override
    public Verification<AccessClaims> verify(AccessToken token) {
        KeySets active = keys.get();
        Remembered known = verified.getIfPresent(token);
        return known != null && known.keys.equals(active) && isAlive(known)
                ? known.verification
                : remembered(active, token, codec.verify(token));
    }

    private boolean isAlive(Remembered known) {
        return clock.instant().isBefore(known.verification.claims().expiresAt());
    }

    private Verification<AccessClaims> remembered(
            KeySets active, AccessToken token, Verification<AccessClaims> verification) {
        if (verification instanceof Verification.Valid<AccessClaims> valid) {
            verified.put(token, new Remembered(active, valid));
        }
        return verification;
    }

    /** @param keys read before the token was verified, so that a swap in between costs a verification and no more */
    private record Remembered(KeySets keys, Verification.Valid<AccessClaims> verification) {}
}
