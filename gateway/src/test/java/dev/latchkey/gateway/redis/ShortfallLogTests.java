package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** How often operators are told. */
@ExtendWith(OutputCaptureExtension.class)
final class ShortfallLogTests {

    private Instant now = Instant.EPOCH;

    @Test
    void unacknowledgedWhenItHappensOftenThenOneLineInTenSeconds(CapturedOutput output) {
        ShortfallLog log = new ShortfallLog(() -> now);
        for (int second = 0; second < 20; second++) {
            log.unacknowledged();
            now = now.plus(Duration.ofSeconds(1));
        }
        assertThat(output.getAll().lines().filter(it -> it.contains("No replica of Redis confirmed a write in time")))
                .hasSize(2);
    }
}
