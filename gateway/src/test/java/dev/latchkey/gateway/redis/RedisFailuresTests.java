package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.RedisConnectionFailureException;

/** What operators read of an outage, and how little of it. */
@ExtendWith(OutputCaptureExtension.class)
final class RedisFailuresTests {

    private long now = Long.MAX_VALUE - 5;
    private final RedisFailures log = new RedisFailures(new SimpleMeterRegistry(), () -> now);

    @Test
    void failedWhenManyFailThenOneLineInTenSeconds(CapturedOutput output) {
        for (int i = 0; i < 1_000; i++) {
            log.failed(new RedisException("with the token eyJhbGciOi"));
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("Redis does not")))
                .hasSize(1);
        now += Duration.ofSeconds(10).toNanos();
        log.failed(new RedisException("again"));
        assertThat(output.getOut().lines().filter(line -> line.contains("Redis does not")))
                .hasSize(2);
        assertThat(output.getOut()).doesNotContain("eyJhbGciOi");
    }

    @Test
    void overWhenItFlapsThenNoFlood(CapturedOutput output) {
        for (int i = 0; i < 1_000; i++) {
            log.failed(new RedisException(""));
            log.over();
        }
        assertThat(output.getOut().lines()).hasSize(2);
    }

    @Test
    void overWhenMoreFailedThenSaysHowManyAndNotTheNextOutage(CapturedOutput output) {
        for (int i = 0; i < 4; i++) {
            log.failed(new RedisException("first outage"));
        }
        log.over();
        now += Duration.ofDays(1).toNanos();
        log.failed(new RedisException("second outage"));

        assertThat(output.getOut().lines().filter(line -> line.contains("more before it")))
                .singleElement()
                .asString()
                .endsWith("Redis answers; 3 more before it");
        assertThat(output.getOut()).contains("Redis does not answer as it should (RedisException)\n");
    }

    @Test
    void overWhenNothingWasLostThenSilent(CapturedOutput output) {
        log.over();
        assertThat(output.getOut()).isEmpty();
    }

    @Test
    void unacknowledgedWhenItHappensOftenThenOneLineInTenSeconds(CapturedOutput output) {
        for (int second = 0; second < 20; second++) {
            log.unacknowledged(Duration.ofMillis(500));
            now += Duration.ofSeconds(1).toNanos();
        }
        assertThat(output.getAll()
                        .lines()
                        .filter(line -> line.contains("No replica of Redis confirmed a write in time")))
                .hasSize(2);
    }

    @Test
    void failedWhenRedisSaysWhyThenOnlyItsFirstWord(CapturedOutput output) {
        RedisCommandExecutionException said = new RedisCommandExecutionException("WRONGPASS secret");
        log.failed(new RedisConnectionFailureException("to host secret", said));
        assertThat(output.getOut())
                .contains("RedisConnectionFailureException", "WRONGPASS")
                .doesNotContain("secret");
    }
}
