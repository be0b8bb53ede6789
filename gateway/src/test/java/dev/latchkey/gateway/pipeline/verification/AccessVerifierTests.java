package dev.latchkey.gateway.pipeline.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.DenylistAnswer;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.session.SessionStore;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** A node whose clock is slow asks for the first time, and learns from the answer what time it is. */
final class AccessVerifierTests {

    private static final Duration SLOW = Duration.ofMinutes(10);

    private final Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final InstantSource ownClock = () -> now.minus(SLOW);
    private final RedisTime time = new RedisTime(ownClock);
    private final AccessTokenCodec codec = TestTokens.accessCodec(time);
    private final AccessVerifier verifier = new AccessVerifier(codec, new Telling(), nobodyAsks(), time);

    /** Tokens live five minutes. */
    @ParameterizedTest
    @CsvSource({"4, valid", "6, renewable"})
    void verifyWhenTheAnswerTellsTheTimeThenTheTokensEndIsJudgedByIt(int minutesAgo, String outcome) {
        AccessToken token = codec.sign(TestTokens.accessClaims(now.minus(Duration.ofMinutes(minutesAgo))));

        assertThat(codec.verify(token).<String>fold(valid -> "valid", expired -> "expired", invalid -> "invalid"))
                .as("by the slow clock")
                .isEqualTo("valid");
        assertThat(verify(token)).isEqualTo(outcome);
    }

    private String verify(AccessToken token) {
        return verifier.verify(token)
                .<String>map(it -> it.fold(claims -> "valid", () -> "renewable", () -> "invalid", () -> "unavailable"))
                .blockOptional(Duration.ofSeconds(5))
                .orElseThrow();
    }

    private static SessionStore nobodyAsks() {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                    throw new AssertionError("no session is looked at");
                });
    }

    /** Knows of no entry, and its answer tells the time, as that of Redis does. */
    private final class Telling implements Denylist {

        @Override
        public Mono<DenylistAnswer> check(Subject subject, SessionId session, Generation generation, Instant authTime) {
            return Mono.fromSupplier(() -> {
                time.learn(time.asking(), now);
                return new DenylistAnswer.Accepted();
            });
        }

        @Override
        public Roles remaining(Subject subject, Roles carried) {
            return carried;
        }

        @Override
        public boolean isRevoked(Subject subject, SessionId session, Instant authTime) {
            return false;
        }

        @Override
        public void revoked(SessionId session, Instant revokedAt, Instant ends) {
            throw new AssertionError("nothing is revoked");
        }

        @Override
        public Mono<DenylistAnswer> checkUser(Subject subject, Instant authTime) {
            return Mono.error(new AssertionError("nothing is rotated"));
        }

        @Override
        public Mono<DenylistAnswer> checkEnded(SessionId session, Instant authTime, Instant expires) {
            return Mono.error(new AssertionError("nothing is rotated"));
        }

        @Override
        public Mono<DenylistAnswer> denyUser(Subject subject) {
            return Mono.error(new AssertionError("nobody is denied"));
        }
    }
}
