package dev.latchkey.gateway.routes.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script of the rate limit, on a real server with a controlled clock. */
final class TakeScriptTests {

    private static final String BUCKET = "latchkey:rate:{x}";
    /** Keys end by the server's own clock, which must not matter here. */
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private static final long START = 1_800_000_000_000L;

    private static RedisProcess redis;
    private static RedisClient client;
    private static StatefulRedisConnection<String, String> connection;
    private static String script;

    private long now = START;

    @BeforeAll
    static void start() {
        redis = RedisProcess.start();
        client = RedisClient.create(redis.uri());
        connection = client.connect();
        script = LuaScripts.timed(Long.class, "dev/latchkey/gateway/routes/limits/take.lua")
                .getScriptAsString();
    }

    @AfterAll
    static void stop() {
        connection.close();
        client.shutdown();
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.flush();
    }

    @Test
    void takeWhenQuietThenTheBurstAndNoMore() {
        for (int count = 0; count < 5; count++) {
            assertThat(take(HOUR, 5)).isZero();
        }
        assertThat(take(HOUR, 5)).isEqualTo(HOUR);
    }

    @Test
    void takeWhenTimePassesThenOneForEachInterval() {
        IntStream.range(0, 5).forEach(unused -> take(HOUR, 5));
        now += HOUR - 1;
        assertThat(take(HOUR, 5)).isEqualTo(1);
        now += 1;
        assertThat(take(HOUR, 5)).isZero();
        assertThat(take(HOUR, 5)).isEqualTo(HOUR);
        now += 3 * HOUR;
        IntStream.range(0, 3).forEach(unused -> assertThat(take(HOUR, 5)).isZero());
        assertThat(take(HOUR, 5)).isPositive();
    }

    @Test
    void takeWhenRefusedThenNothingChanges() {
        IntStream.range(0, 2).forEach(unused -> take(HOUR, 2));
        String before = connection.sync().get(BUCKET);
        IntStream.range(0, 50).forEach(unused -> assertThat(take(HOUR, 2)).isEqualTo(HOUR));
        assertThat(connection.sync().get(BUCKET)).isEqualTo(before);
    }

    @Test
    void takeWhenBucketIsFullAgainThenThereIsNoKey() {
        assertThat(take(HOUR, 5)).isZero();
        assertThat(connection.sync().pttl(BUCKET)).isBetween(1L, HOUR);
    }

    @Test
    void takeWhenClockWentBackThenNoMoreThanAnEmptyBucket() {
        take(HOUR, 5);
        now -= Duration.ofDays(30).toMillis();

        assertThat(take(HOUR, 5)).isEqualTo(HOUR);
        now += HOUR;
        assertThat(take(HOUR, 5)).isZero();
    }

    @Test
    void takeWhenRateWasLoweredThenOldDebtsAreNotMultiplied() {
        IntStream.range(0, 100).forEach(unused -> take(HOUR, 100));

        assertThat(take(HOUR / 100.0, 5)).isEqualTo(HOUR / 100);
    }

    @Test
    void takeWhenNoClockIsGivenThenByTheServers() {
        assertThat(run("60000", "1", "")).isZero();
        assertThat(run("60000", "1", "")).isBetween(1L, 60_000L);
    }

    /** Whatever the pattern of requests, the script and a plain bucket of tokens agree. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void takeWhenAtRandomThenAsABucketOfTokens(int seed) {
        Random random = new Random(seed);
        double interval = HOUR * (1 + random.nextInt(64)) / 2.0;
        int burst = 1 + random.nextInt(8);
        double inside = burst * interval;
        for (int count = 0; count < 500; count++) {
            long passed = HOUR * random.nextInt(30);
            now += passed;
            inside = Math.min(burst * interval, inside + passed);
            boolean taken = inside >= interval;
            assertThat(take(interval, burst) == 0).as("request %s", count).isEqualTo(taken);
            inside -= taken ? interval : 0;
        }
    }

    private long take(long interval, int burst) {
        return run(Long.toString(interval), Integer.toString(burst), Long.toString(now));
    }

    private long take(double interval, int burst) {
        return run(Double.toString(interval), Integer.toString(burst), Long.toString(now));
    }

    private static long run(String... arguments) {
        return connection.sync().<Long>eval(script, ScriptOutputType.INTEGER, new String[] {BUCKET}, arguments);
    }
}
