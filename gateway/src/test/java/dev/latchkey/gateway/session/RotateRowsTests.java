package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every row of the rotation table on the script itself, against a real server, with the clock as an argument. */
final class RotateRowsTests {

    private static final long GRACE = 10_000;
    private static final long ACCESS = 60_000;
    private static final long ENTRY = 120_000;
    private static final long IDLE = 3_600_000;
    private static final long ABSOLUTE = 7_200_000;
    private static final String KEY = "latchkey:session:{00}:s";
    private static final String DENIED = "latchkey:denied:{00}";

    private static TestRedis server;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;

    private long now = 1_800_000_000_000L;

    @BeforeAll
    static void start() {
        server = TestRedis.start();
        client = RedisClient.create(server.uri());
        redis = client.connect().sync();
    }

    @AfterAll
    static void stop() {
        client.shutdown();
        server.close();
    }

    @BeforeEach
    void signIn() {
        redis.flushall();
        run(
                SessionScripts.CREATE.getScriptAsString(),
                List.of(KEY),
                "ada",
                "stamp",
                "Firefox",
                "10.0.0.1",
                IDLE,
                ABSOLUTE);
    }

    @Test
    void unknownWhenThereIsNoRecord() {
        redis.del(KEY);
        assertThat(rotate(1, "a")).startsWith("UNKNOWN");
        assertThat(redis.exists(KEY, DENIED)).isZero();
    }

    @Test
    void expiredWhenPastTheEnd() {
        now += ABSOLUTE;
        assertUnchanged(() -> assertThat(rotate(1, "a")).startsWith("EXPIRED"));
    }

    @Test
    void revokedWhenEnded() {
        run(SessionScripts.REVOKE.getScriptAsString(), List.of(KEY, DENIED), "s", "signed-out", ENTRY);
        assertUnchanged(() -> assertThat(rotate(1, "a")).startsWith("REVOKED"));
        assertThat(redis.hget(KEY, "state")).isEqualTo("revoked:signed-out");
    }

    @Test
    void recoveredWhenTheTokenIsNewerThanTheRecord() {
        now += GRACE;
        List<Object> answer = rotate(3, "c");
        assertThat(answer).startsWith("RECOVERED").endsWith(0L);
        assertThat(answer.get(2)).isEqualTo(3L);
        now += GRACE;
        assertThat(rotate(3, "c")).startsWith("ROTATED");
    }

    @Test
    void replayedWithoutRefreshWhenTheCurrentTokenIsYoung() {
        now += GRACE - 1;
        assertThat(rotate(1, "a")).startsWith("REPLAYED").endsWith(0L);
        assertThat(redis.hget(KEY, "gen")).isEqualTo("1");
        now += 1;
        assertThat(rotate(1, "a")).startsWith("ROTATED").endsWith(1L);
    }

    @Test
    void rotatedWhenTheCurrentTokenIsOlder() {
        now += GRACE;
        assertThat(rotate(1, "a")).startsWith("ROTATED").endsWith(1L);
        assertThat(redis.hget(KEY, "gen")).isEqualTo("2");
        assertThat(redis.hget(DENIED, "s")).isEqualTo("1,2," + (now + GRACE) + "," + (now + ENTRY));
    }

    @Test
    void rotatedWhenNoAccessTokenCanBeAliveThenNothingIsDenied() {
        now += ACCESS;
        assertThat(rotate(1, "a")).startsWith("ROTATED");
        assertThat(redis.exists(DENIED)).isZero();
    }

    @Test
    void replayedWithRefreshWhenTheOneBeforeComesFromTheBranchThatRotated() {
        now += GRACE;
        rotate(1, "a");
        now += IDLE / 2;
        assertThat(rotate(1, "a"))
                .as("unused, however late")
                .startsWith("REPLAYED")
                .endsWith(1L);
        assertThat(rotate(1, "a")).as("sent twice").startsWith("REPLAYED").endsWith(1L);
        assertThat(redis.hget(KEY, "gen")).isEqualTo("2");
    }

    @Test
    void staleWhenTheOneBeforeComesFromAnotherBranch() {
        now += GRACE;
        rotate(1, "a");
        assertThat(rotate(1, "b")).startsWith("STALE");
    }

    @Test
    void staleWhenTheOneBeforeComesAfterGraceOfTheFirstUse() {
        now += GRACE;
        rotate(1, "a");
        confirm(2);
        now += GRACE - 1;
        assertThat(rotate(1, "a")).startsWith("REPLAYED");
        now += 1;
        assertThat(rotate(1, "a")).startsWith("STALE");
    }

    @Test
    void staleThenReusedWhenTheSameOldTokenComesMoreThanTwiceGraceLater() {
        now += GRACE;
        rotate(1, "a");
        confirm(2);
        now += GRACE;
        assertThat(rotate(1, "a")).startsWith("STALE");
        now += 2 * GRACE - 1;
        assertThat(rotate(1, "a")).startsWith("STALE");
        now += 1;
        assertThat(rotate(1, "a")).startsWith("REUSED");
        assertThat(redis.hget(KEY, "state")).isEqualTo("revoked:reused");
        assertThat(redis.hget(DENIED, "s")).startsWith("2147483647,2147483647,");
        assertThat(rotate(2, "x")).startsWith("REVOKED");
    }

    @Test
    void deniedWhenRotatedEachGraceThenTheFirstStaysDenied() {
        for (int generation = 1; generation <= 3; generation++) {
            now += GRACE;
            assertThat(rotate(generation, "b" + generation)).startsWith("ROTATED");
        }
        assertThat(redis.hget(DENIED, "s")).startsWith("3,4,");
    }

    @Test
    void recordWhenOrdinaryThenSmallAndCompact() {
        for (int generation = 1; generation <= 6; generation++) {
            now += GRACE;
            rotate(generation, "0123456789abcdef");
        }
        assertThat(redis.objectEncoding(KEY)).isIn("ziplist", "listpack");
        assertThat(redis.memoryUsage(KEY)).isLessThanOrEqualTo(512);
    }

    private void confirm(int generation) {
        redis.eval(
                SessionScripts.CONFIRM.getScriptAsString(),
                ScriptOutputType.INTEGER,
                new String[] {KEY},
                Integer.toString(generation),
                Long.toString(now));
    }

    private List<Object> rotate(int generation, String branch) {
        return run(
                SessionScripts.ROTATE.getScriptAsString(),
                List.of(KEY, DENIED),
                "s",
                generation,
                branch,
                GRACE,
                IDLE,
                ACCESS,
                ENTRY);
    }

    private List<Object> run(String script, List<String> keys, Object... arguments) {
        String[] all = new String[arguments.length + 1];
        for (int i = 0; i < arguments.length; i++) {
            all[i] = String.valueOf(arguments[i]);
        }
        all[arguments.length] = Long.toString(now);
        return redis.eval(script, ScriptOutputType.MULTI, keys.toArray(String[]::new), all);
    }

    private static void assertUnchanged(Runnable step) {
        Map<String, String> before = redis.hgetall(KEY);
        step.run();
        assertThat(redis.hgetall(KEY)).isEqualTo(before);
    }
}
