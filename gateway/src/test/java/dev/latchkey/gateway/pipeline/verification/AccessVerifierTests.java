package dev.latchkey.gateway.pipeline.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.TestDenylists;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.pipeline.dpop.TestDpop;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node whose clock is slow asks Redis for the first time, and learns from the answer what time it is. */
final class AccessVerifierTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration SLOW = Duration.ofMinutes(10);

    private final RedisTime time = new RedisTime(InstantSource.offset(Clock.systemUTC(), SLOW.negated()));
    private final AccessTokenCodec codec = TestTokens.accessCodec(time);

    /** Tokens live five minutes. */
    @ParameterizedTest
    @CsvSource({"4, valid", "6, renewable"})
    void verifyWhenTheAnswerTellsTheTimeThenTheTokensEndIsJudgedByIt(int minutesAgo, String outcome) {
        AccessToken token = codec.sign(TestTokens.accessClaims(Instant.now().minus(Duration.ofMinutes(minutesAgo))));

        assertThat(codec.verify(token).<String>fold(valid -> "valid", expired -> "expired", invalid -> "invalid"))
                .as("by the slow clock")
                .isEqualTo("valid");
        assertThat(verify(token)).isEqualTo(outcome);
    }

    /** Its session may have been revoked, and the denylist have forgotten that after six minutes. */
    @ParameterizedTest
    @CsvSource({"4, valid", "6, renewable"})
    void verifyWhenTokensLivedForAnHourBeforeThenNoLongerThanTheyDoNow(int minutesAgo, String outcome) {
        Instant issued = Instant.now().minus(Duration.ofMinutes(minutesAgo)).truncatedTo(ChronoUnit.SECONDS);
        AccessClaims claims = TestTokens.accessClaims(issued);
        AccessToken token = codec.sign(TestClaims.access(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                TestClaims.times(issued, issued.plus(Duration.ofHours(1)), claims.authTime()),
                claims.roles()));

        assertThat(verify(token)).isEqualTo(outcome);
    }

    private String verify(AccessToken token) {
        try (SessionRoom room = SessionRoom.open(REDIS, Map.of())) {
            AccessVerifier verifier = new AccessVerifier(
                    codec,
                    TestDenylists.unsynchronized(room.bean(RedisClient.class), time),
                    room.store(),
                    TestDpop.proofs(time),
                    time,
                    new TokenProperties(Duration.ofMinutes(5)));
            return verifier.verify(token, Optional.empty(), false)
                    .<String>map(verification -> verification.fold(
                            claims -> "valid", () -> "renewable", problem -> "invalid", () -> "unavailable"))
                    .blockOptional(Duration.ofSeconds(20))
                    .orElseThrow();
        }
    }
}
