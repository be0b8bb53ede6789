package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.RedisConnectionFailureException;

/** What operators read of an outage, and how little of it. */
@ExtendWith(OutputCaptureExtension.class)
final class OutageLogTests {

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final OutageLog log = new OutageLog(() -> now);

    @Test
    void lostWhenManyFailThenOneLineInTenSeconds(CapturedOutput output) {
        for (int i = 0; i < 1_000; i++) {
            log.lost(new RedisException("with the token eyJhbGciOi"));
        }
        assertThat(output.getOut().lines().filter(it -> it.contains("Redis does not")))
                .hasSize(1);
        now = now.plusSeconds(10);
        log.lost(new RedisException("again"));
        assertThat(output.getOut().lines().filter(it -> it.contains("Redis does not")))
                .hasSize(2);
        assertThat(output.getOut()).doesNotContain("eyJhbGciOi");
    }

    @Test
    void overWhenItFlapsThenNoFlood(CapturedOutput output) {
        for (int i = 0; i < 1_000; i++) {
            log.lost(new RedisException(""));
            log.over();
        }
        assertThat(output.getOut().lines()).hasSize(2);
    }

    @Test
    void overWhenNothingWasLostThenSilent(CapturedOutput output) {
        log.over();
        assertThat(output.getOut()).isEmpty();
    }

    @Test
    void lostWhenRedisSaysWhyThenOnlyItsFirstWord(CapturedOutput output) {
        RedisCommandExecutionException said = new RedisCommandExecutionException("WRONGPASS secret");
        log.lost(new RedisConnectionFailureException("to host secret", said));
        assertThat(output.getOut())
                .contains("RedisConnectionFailureException", "WRONGPASS")
                .doesNotContain("secret");
    }
}
