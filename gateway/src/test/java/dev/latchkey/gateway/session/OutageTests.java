package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Redis away in each way it can be: every call has its answer soon, and all go on when it is back. */
@ExtendWith(OutputCaptureExtension.class)
final class OutageTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(3);

    /** The first call may wait, and what the node asks for itself when Redis dies; no caller waits a hundred times. */
    private static final int FEW = 10;

    private static final Subject ADA = new Subject("ada");
    private static final SessionId UNKNOWN_SESSION = SessionId.random(new SecureRandom());

    private SessionRoom room;

    @BeforeEach
    void open() {
        if (!REDIS.isRunning()) {
            REDIS.restart();
        }
        room = SessionRoom.open(REDIS, Map.of("spring.data.redis.timeout", "500ms"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void callsWhenRedisIsKilledThenUnavailableAndBackWhenItIsBack() {
        RefreshClaims claims = signIn();
        REDIS.kill();
        assertAllUnavailable();
        REDIS.restart();
        await().atMost(SOON).until(() -> rotate(claims).equals("REPLAYED"));
    }

    @Test
    void callsWhenRedisIsKilledThenMostlyWithoutWaitingForTheTimeLimit() {
        signIn();
        REDIS.kill();
        rotate(claims(UNKNOWN_SESSION));
        double before = waitedInVain();
        for (int i = 0; i < 100; i++) {
            assertThat(rotate(claims(UNKNOWN_SESSION))).isEqualTo("unavailable");
        }
        assertThat(waitedInVain() - before).isLessThan(FEW);
    }

    /** How many calls have come to their time limit. */
    private double waitedInVain() {
        return room.bean(MeterRegistry.class)
                .get("latchkey.redis.failures")
                .tag("kind", "timeout")
                .counter()
                .count();
    }

    @Test
    void callsWhenRedisStandsStillThenUnavailableWithinTheTimeLimit() {
        RefreshClaims claims = signIn();
        REDIS.pause();
        try {
            assertAllUnavailable();
        } finally {
            REDIS.resume();
        }
        await().atMost(SOON).until(() -> rotate(claims).equals("REPLAYED"));
    }

    @Test
    void callsWhenRedisStandsStillUnderLoadThenNothingPilesUpNorFloodsTheLog(CapturedOutput output) {
        RefreshClaims claims = signIn();
        REDIS.pause();
        try {
            Long away = Flux.range(0, 30_000)
                    .flatMap(i -> room.store().rotate(claims(UNKNOWN_SESSION)), 30_000)
                    .filter(RotateOutcome.Unavailable.class::isInstance)
                    .count()
                    .block(LIMIT);
            assertThat(away).isEqualTo(30_000);
            assertThat(output.getAll().lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                    .hasSizeLessThan(5);
        } finally {
            REDIS.resume();
        }
        await().atMost(SOON).until(() -> rotate(claims).equals("REPLAYED"));
    }

    @Test
    void errorWhenNobodyWaitsForItThenTheDefaultOfTheLibraryIsNotCalled(CapturedOutput output) {
        Operators.onErrorDropped(new IOException("second"), Context.empty());
        assertThat(output).doesNotContain("onErrorDropped");
    }

    @Test
    void callsWhenRedisIsAwayAtTheStartThenUnavailableUntilItComes() {
        room.close();
        REDIS.kill();
        room = SessionRoom.open(REDIS, Map.of());
        assertAllUnavailable();
        REDIS.restart();
        await().atMost(SOON).until(() -> rotate(claims(UNKNOWN_SESSION)).equals("UNKNOWN"));
    }

    @Test
    void confirmWhenRedisComesBackInTimeThenItArrives() {
        RefreshClaims claims = signIn();
        REDIS.kill();
        room.store().confirm(claims.session(), Generation.FIRST).subscribe();
        REDIS.restart();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !used(claims.session()).isEmpty());
    }

    private String used(SessionId session) {
        return Objects.requireNonNull(room.bean(RedisClient.class)
                .field(SessionKeys.record(session), "1")
                .map(packed -> packed.split(",", -1)[3])
                .onErrorReturn("")
                .block(LIMIT));
    }

    private void assertAllUnavailable() {
        RedisSessionStore store = room.store();
        Denylist denylist = room.bean(Denylist.class);
        NewSession session = new NewSession(ADA, "stamp", new ClientFacts("", ""));
        assertThat(rotate(claims(UNKNOWN_SESSION))).isEqualTo("unavailable");
        assertThat(soon(store.create(session))).isInstanceOf(RedisResult.Unavailable.class);
        assertThat(soon(store.commit(UNKNOWN_SESSION, Generation.FIRST, false))).isEqualTo(CommitOutcome.SET_NOTHING);
        assertThat(soon(room.revoker().revoke(ADA, UNKNOWN_SESSION, RevocationReason.SIGNED_OUT)))
                .isEqualTo(RevokeOutcome.UNAVAILABLE);
        assertThat(soon(room.revoker().revokeAll(ADA, RevocationReason.SIGNED_OUT)))
                .isEqualTo(RevokeOutcome.UNAVAILABLE);
        assertThat(soon(room.revoker().revokeOwn(ADA, UNKNOWN_SESSION.publicId(), RevocationReason.SIGNED_OUT)))
                .isEqualTo(RevokeOutcome.UNAVAILABLE);
        assertThat(soon(room.bean(UserSessionIndex.class).list(ADA))).isInstanceOf(RedisResult.Unavailable.class);
        assertThat(answer(denylist.denyUser(ADA))).isEqualTo("unavailable");
        awaitUnavailable(() -> denylist.check(ADA, UNKNOWN_SESSION, Generation.FIRST, Instant.EPOCH));
        awaitUnavailable(() -> denylist.checkUser(ADA, Instant.EPOCH));
    }

    /** While the local denylist is fresh, it answers without Redis. */
    private static void awaitUnavailable(Supplier<Mono<Denylist.Answer>> question) {
        await().atMost(LIMIT).until(() -> answer(question.get()).equals("unavailable"));
    }

    private static String answer(Mono<Denylist.Answer> asked) {
        return soon(asked).name().toLowerCase(Locale.ROOT);
    }

    private RefreshClaims signIn() {
        NewSession session = new NewSession(ADA, "stamp", new ClientFacts("", ""));
        return Objects.requireNonNull(room.store().create(session).block(LIMIT)).fold(view -> claims(view.id()), () -> {
            throw new AssertionError("Redis is there");
        });
    }

    private static RefreshClaims claims(SessionId session) {
        Instant now = Instant.now();
        TokenId branch = new TokenId("0123456789abcdef");
        return TestClaims.refresh(ADA, session, Generation.FIRST, branch, now, now.plusSeconds(60), now);
    }

    private String rotate(RefreshClaims claims) {
        return soon(room.store().rotate(claims))
                .fold(granted -> granted.row().name(), refused -> refused.row().name(), () -> "unavailable");
    }

    private static <T> T soon(Mono<T> call) {
        return Objects.requireNonNull(call.block(SOON));
    }
}
