package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.IdTokenClaims;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class AccessTokenCodecTests {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private final TestClock clock = new TestClock(NOW);
    private final AtomicReference<KeySets> keys =
            new AtomicReference<>(TestKeys.rsaKeys().get());
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AccessTokenCodec codec =
            new AccessTokenCodec(keys::get, TestTokens.ISSUER, clock, TestTokens.verified(meters));

    @Test
    void verifyWhenSeenBeforeThenNotVerifiedAgain() {
        AccessClaims claims = TestTokens.accessClaims(NOW);
        AccessToken token = codec.sign(claims);
        Verification<AccessClaims> first = codec.verify(token);

        assertThat(first).isEqualTo(new Verification.Valid<>(claims));
        assertThat(codec.verify(new AccessToken(token.value()))).isEqualTo(first);
        assertThat(count("miss")).isEqualTo(1);
        assertThat(count("hit")).isEqualTo(1);
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
        keys.set(TestKeys.ecKeys().get());
        assertThat(codec.verify(token)).isInstanceOf(Verification.Invalid.class);
    }

    @Test
    void verifyWhenInvalidThenNothingIsRemembered() {
        AccessToken garbage = new AccessToken("a.b.c");
        Verification<AccessClaims> first = codec.verify(garbage);

        assertThat(codec.verify(garbage)).isEqualTo(first);
        assertThat(count("miss")).isEqualTo(2);
        assertThat(count("hit")).isZero();
    }

    @Test
    void verifyWhenOneCharacterDiffersThenTheKnownTokenDoesNotHelp() {
        String token = codec.sign(TestTokens.accessClaims(NOW)).value();
        codec.verify(new AccessToken(token));
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(codec.verify(new AccessToken(forged))).isInstanceOf(Verification.Invalid.class);
        }
    }

    /** The digest would be that of the token with question marks, if it were of fewer bits than the characters. */
    @Test
    void verifyWhenCharactersAreNotAsciiThenInvalid() {
        String token = codec.sign(TestTokens.accessClaims(NOW)).value();
        codec.verify(new AccessToken(token));

        assertThat(codec.verify(new AccessToken(token.replace('.', '\u012e'))))
                .isInstanceOf(Verification.Invalid.class);
    }

    @Test
    void verifyWhenAProviderSaidMoreThenComesBackAlsoWhenRemembered() {
        IdTokenClaims said = new IdTokenClaims(
                Optional.of("Ada Größe"),
                Optional.of("ada@shop.example"),
                Optional.of(Instant.ofEpochSecond(NOW.getEpochSecond() - 900)),
                Optional.of("gold"));
        AccessClaims claims = TestTokens.withProvider(TestTokens.accessClaims(NOW), said);
        AccessToken token = codec.sign(claims);

        assertThat(codec.verify(token)).isEqualTo(new Verification.Valid<>(claims));
        assertThat(codec.verify(token)).isEqualTo(new Verification.Valid<>(claims));
        assertThat(count("hit")).isEqualTo(1);
    }

    private double count(String result) {
        return meters.get("cache.gets")
                .tags("cache", "latchkey.access.tokens", "result", result)
                .functionCounter()
                .count();
    }
}
