package dev.latchkey.gateway.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.SealingKeysOfTests;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenProperties;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class DeviceChallengesTests {

    private static final Duration ACCESS = Duration.ofMinutes(5);
    private static final Generation SEVENTH = new Generation(7);

    private final TestClock clock = new TestClock();
    private final SessionId session = SessionId.random(new SecureRandom());
    private final DeviceChallenges challenges = node();

    @Test
    void renewedWhenMadeForTheSessionThenItsGenerationOnEachNode() {
        String challenge = challenges.ofRenewal(session, SEVENTH);

        assertThat(challenges.renewed(session, challenge)).hasValue(SEVENTH);
        assertThat(node().renewed(session, challenge)).hasValue(SEVENTH);
        assertThat(challenge).matches("[\\w-]{54}");
    }

    @Test
    void renewedWhenOfAnotherSessionOrPurposeThenNone() {
        SessionId other = SessionId.random(new SecureRandom());

        assertThat(challenges.renewed(session, challenges.ofRenewal(other, SEVENTH)))
                .isEmpty();
        assertThat(challenges.renewed(session, challenges.ofRegistration(session)))
                .isEmpty();
        assertThat(challenges.isOfRegistration(session, challenges.ofRenewal(session, Generation.FIRST)))
                .isFalse();
        assertThat(challenges.isOfRegistration(session, challenges.ofRegistration(other)))
                .isFalse();
        assertThat(challenges.isOfRegistration(session, challenges.ofRegistration(session)))
                .isTrue();
    }

    @Test
    void renewedWhenOldThenNone() {
        String renewal = challenges.ofRenewal(session, SEVENTH);
        String registration = challenges.ofRegistration(session);

        clock.advance(Duration.ofMinutes(2));
        assertThat(challenges.isOfRegistration(session, registration)).isTrue();
        clock.advance(Duration.ofMinutes(2));
        assertThat(challenges.isOfRegistration(session, registration)).isFalse();
        clock.advance(ACCESS.plusMinutes(1));
        assertThat(challenges.renewed(session, renewal)).isPresent();
        clock.advance(Duration.ofMinutes(2));
        assertThat(challenges.renewed(session, renewal)).isEmpty();
    }

    @Test
    void renewedWhenOfTheFutureThenNone() {
        String challenge = challenges.ofRenewal(session, SEVENTH);
        TestClock before = new TestClock();
        before.moveTo(clock.instant().minus(Duration.ofMinutes(2)));

        assertThat(new DeviceChallenges(TestTokens.sealing(before), new TokenProperties(ACCESS), before)
                        .renewed(session, challenge))
                .isEmpty();
    }

    @Test
    void renewedWhenAnyBitDiffersThenNone() {
        byte[] challenge = Base64.getUrlDecoder().decode(challenges.ofRenewal(session, SEVENTH));
        for (int bit = 0; bit < challenge.length * 8; bit++) {
            byte[] other = challenge.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(other);
            assertThat(challenges.renewed(session, forged)).as("bit %d", bit).isEmpty();
        }
        assertThat(challenges.renewed(session, "")).isEmpty();
        assertThat(challenges.renewed(session, "x".repeat(54))).isEmpty();
        assertThat(challenges.renewed(session, "\u00e9".repeat(54))).isEmpty();
    }

    @Test
    void renewedWhenTheKeysRollOverThenChallengesOfBothAreGood() {
        SealingKeysOfTests keys = new SealingKeysOfTests(Duration.ofDays(30));
        DeviceChallenges before = new DeviceChallenges(keys.sealing(), new TokenProperties(ACCESS), clock);
        String older = before.ofRenewal(session, SEVENTH);
        keys.rollOver();
        DeviceChallenges after = new DeviceChallenges(keys.sealing(), new TokenProperties(ACCESS), clock);
        String newer = after.ofRenewal(session, SEVENTH);

        assertThat(newer).isNotEqualTo(older);
        assertThat(after.renewed(session, older)).hasValue(SEVENTH);
        assertThat(before.renewed(session, newer)).hasValue(SEVENTH);
    }

    private DeviceChallenges node() {
        return new DeviceChallenges(TestTokens.sealing(clock), new TokenProperties(ACCESS), clock);
    }
}
