package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node takes for a Redis that was restored from an older copy, by a clock that only tests move. */
final class EndedSessionsTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Instant START = Instant.ofEpochSecond(1_800_000_000L);
    private static final SessionId SESSION = new SessionId("AbCdEfGhIjKlMnOpQrStUg");
    private static final Shard SHARD = Shard.of(SESSION);

    private final TestClock now = new TestClock(START);

    @BeforeEach
    void leaveATombstoneThatEndsSoon() {
        REDIS.flush();
        long ended = START.minus(Duration.ofHours(2)).getEpochSecond();
        REDIS.say("HSET " + DenylistKeys.ended(SHARD) + " " + SESSION.value() + " signed-out," + ended + ","
                + START.plusSeconds(10).getEpochSecond() + ",ada");
    }

    /** All shards are read one after the other, and other masters of a cluster have other clocks. */
    @Test
    void readWhenAWitnessEndsAfterTheReadingBeganThenRedisHasLostNothing() {
        assertThat(lossesIfTheWitnessIsGone(START.plusSeconds(11))).isZero();
    }

    @Test
    void readWhenAWitnessIsGoneBeforeItEndsThenRedisHasLostIt() {
        assertThat(lossesIfTheWitnessIsGone(START.plusSeconds(9))).isOne();
    }

    /** @param read when its shard is read in a reading that began a second before the witness ends */
    private int lossesIfTheWitnessIsGone(Instant read) {
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of("spring.data.redis.timeout", "20s"))) {
            EndedSessions ended = sessions(node);
            read(ended, START);
            REDIS.say("DEL " + DenylistKeys.ended(SHARD));
            now.moveTo(read);
            read(ended, START.plusSeconds(9));
            return ended.losses();
        }
    }

    private EndedSessions sessions(SessionRoom node) {
        ScriptClock clock = () -> Long.toString(now.millis());
        return TestDenylists.ended(node.bean(RedisClient.class), new RedisTime(Clock.systemUTC()), clock);
    }

    private static void read(EndedSessions ended, Instant began) {
        ended.read(SHARD, Map.of(), began).block(LIMIT);
    }
}
