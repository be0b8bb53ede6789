package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class AccessTokenCodecTests {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private final TestClock clock = new TestClock(NOW);
    private final AtomicReference<KeySets> keys =
            new AtomicReference<>(TestKeys.rsaKeys().get());
    private final AccessTokenCodec codec =
            new AccessTokenCodec(keys::get, TestTokens.ISSUER, clock, Duration.ofMinutes(5));

    @Test
    void verifyWhenSeenBeforeThenNotVerifiedAgain() {
        AccessClaims claims = TestTokens.accessClaims(NOW);
        AccessToken token = codec.sign(claims);
        Verification<AccessClaims> first = codec.verify(token);

        assertThat(first).isEqualTo(new Verification.Valid<>(claims));
        assertThat(codec.verify(new AccessToken(token.value())))
                .as("the very result")
                .isSameAs(first);
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
        Verification<AccessClaims> first = codec.verify(garbage);

        assertThat(codec.verify(garbage)).isEqualTo(first).isNotSameAs(first);
    }
}
