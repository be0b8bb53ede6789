package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class CachingAccessTokenCodecTests {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private final MovableClock clock = new MovableClock(NOW);
    private final AtomicReference<KeySets> keys =
            new AtomicReference<>(TestKeys.rsaKeys().get());
    private final CountingCodec counting =
            new CountingCodec(new JwtAccessTokenCodec(keys::get, TestTokens.ISSUER, clock));
    private final AccessTokenCodec codec =
            new CachingAccessTokenCodec(counting, keys::get, clock, Duration.ofMinutes(5));

    @Test
    void verifyWhenSeenBeforeThenNotVerifiedAgain() {
        AccessClaims claims = TestTokens.accessClaims(NOW);
        AccessToken token = codec.sign(claims);
        for (int i = 0; i < 100; i++) {
            assertThat(codec.verify(new AccessToken(token.value()))).isEqualTo(new Verification.Valid<>(claims));
        }
        assertThat(counting.verified).isEqualTo(1);
    }

    @Test
    void verifyWhenExpiredSinceThenExpired() {
        AccessClaims claims = TestTokens.accessClaims(NOW);
        AccessToken token = codec.sign(claims);
        codec.verify(token);
        clock.moveTo(claims.expiresAt().minusMillis(1));
        assertThat(codec.verify(token)).isInstanceOf(Verification.Valid.class);
        clock.moveTo(claims.expiresAt());
        assertThat(codec.verify(token)).isEqualTo(new Verification.Expired<>(claims));
    }

    @Test
    void verifyWhenItsKeyWasTakenAwayThenInvalid() {
        AccessToken token = codec.sign(TestTokens.accessClaims(NOW));
        codec.verify(token);
        keys.set(KeySets.of(List.of(TestKeys.EC), IdentityAlgorithm.ES256, TestKeys.LIVES));
        assertThat(codec.verify(token)).isInstanceOf(Verification.Invalid.class);
    }

    @Test
    void verifyWhenInvalidThenNothingIsRemembered() {
        AccessToken garbage = new AccessToken("a.b.c");
        codec.verify(garbage);
        codec.verify(garbage);
        assertThat(counting.verified).isEqualTo(2);
    }

    private static final class CountingCodec implements AccessTokenCodec {

        private final AccessTokenCodec codec;
        private int verified;

        CountingCodec(AccessTokenCodec codec) {
            this.codec = codec;
        }

        @Override
        public AccessToken sign(AccessClaims claims) {
            return codec.sign(claims);
        }

        @Override
        public Verification<AccessClaims> verify(AccessToken token) {
            verified++;
            return codec.verify(token);
        }
    }
}
