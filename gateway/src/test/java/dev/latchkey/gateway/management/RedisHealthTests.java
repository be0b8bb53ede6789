package dev.latchkey.gateway.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.redis.RedisServers;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The health of a Redis that answers questions and does nothing else. */
@ExtendWith(OutputCaptureExtension.class)
final class RedisHealthTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @ParameterizedTest
    @CsvSource({
        "OOM,        CONFIG SET maxmemory 1,                CONFIG SET maxmemory 0",
        "NOREPLICAS, CONFIG SET min-replicas-to-write 1,    CONFIG SET min-replicas-to-write 0",
        "READONLY,   REPLICAOF 127.0.0.1 1,                 REPLICAOF NO ONE"
    })
    void healthWhenWritesAreRefusedThenDownUntilOneIsTaken(
            String code, String breaks, String fixes, CapturedOutput output) {
        try (RedisProcess redis = RedisProcess.start("min-replicas-max-lag 10");
                SessionRoom node = open(redis)) {
            await().atMost(LIMIT).until(() -> health(node).getStatus().equals(Status.UP));
            redis.tell(breaks);
            await().atMost(LIMIT).until(() -> health(node).getStatus().equals(Status.DOWN));
            await().atMost(LIMIT).until(() -> health(node).getDetails().containsKey("writesRefused"));
            assertThat(health(node).getDetails()).containsEntry("writesRefused", code);
            await().atMost(LIMIT).until(() -> output.getAll().contains(code));
            assertThat(output).doesNotContain("Redis answers");
            redis.tell(fixes);
            await().atMost(LIMIT).until(() -> health(node).getStatus().equals(Status.UP));
            assertThat(health(node).getDetails()).doesNotContainKey("writesRefused");
            await().atMost(LIMIT).until(() -> output.getAll().contains("Redis answers"));
        }
    }

    /** What is in the way of its file keeps it from saving. */
    @Test
    void healthWhenTheDiskIsLostThenDownUntilOneIsTaken(CapturedOutput output) throws IOException {
        try (RedisProcess redis = RedisProcess.start("appendonly no");
                SessionRoom node = open(redis)) {
            await().atMost(LIMIT).until(() -> health(node).getStatus().equals(Status.UP));
            String folder =
                    redis.say("CONFIG GET dir").lines().skip(1).findFirst().orElseThrow();
            Files.createDirectories(Path.of(folder, "dump.rdb", "in-the-way"));
            redis.tell("CONFIG SET save \"3600 1000000\"");
            redis.say("BGSAVE");
            await().atMost(LIMIT)
                    .until(() -> "MISCONF".equals(health(node).getDetails().get("writesRefused")));
            assertThat(health(node).getStatus()).isEqualTo(Status.DOWN);
            assertThat(output).doesNotContain("Redis answers");
            redis.tell("CONFIG SET save \"\"");
            await().atMost(LIMIT).until(() -> health(node).getStatus().equals(Status.UP));
        }
    }

    /** It reads what it holds once more, slowly; it answers after every two megabytes of that. */
    @Test
    void healthWhenTheServerIsLoadingThenDownUntilItIsDone() {
        try (RedisProcess redis = RedisProcess.start("appendonly no", "rdbcompression no");
                SessionRoom node = open(redis)) {
            await().atMost(LIMIT).until(() -> health(node).getStatus().equals(Status.UP));
            redis.say("DEBUG POPULATE 400 key 100000");
            redis.tell("CONFIG SET key-load-delay 20000");
            var unused = CompletableFuture.supplyAsync(() -> redis.say("DEBUG RELOAD"));
            await().atMost(LIMIT)
                    .until(() -> "LOADING".equals(health(node).getDetails().get("writesRefused")));
            assertThat(health(node).getStatus()).isEqualTo(Status.DOWN);
            await().atMost(LIMIT).until(() -> health(node).getStatus().equals(Status.UP));
        }
    }

    /** A command that the server does not know stands for an older server. */
    @Test
    void healthWhenTheServerIsTooOldForTheScriptsThenDownWithASentenceAndOneWarning(CapturedOutput output) {
        try (RedisProcess redis = RedisProcess.start("rename-command HRANDFIELD \"\"");
                SessionRoom node = open(redis)) {
            await().atMost(LIMIT).until(() -> health(node).getDetails().containsKey("reason"));
            String sentence = "Redis " + redis.info("server", "redis_version")
                    + " does not know HRANDFIELD, which the gateway's scripts call: Redis 6.2 or newer is required";
            for (int i = 0; i < 5; i++) {
                assertThat(health(node).getStatus()).isEqualTo(Status.DOWN);
                assertThat(health(node).getDetails()).containsEntry("reason", sentence);
            }
            assertThat(output.getAll().lines().filter(line -> line.contains(sentence)))
                    .hasSize(1);
        }
    }

    private static SessionRoom open(RedisProcess redis) {
        return SessionRoom.open(Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port()));
    }

    private static Health health(SessionRoom node) {
        return Objects.requireNonNull(
                new RedisHealthIndicator(node.bean(RedisServers.class)).health().block(LIMIT));
    }
}
