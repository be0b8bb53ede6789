package dev.latchkey.gateway.pipeline.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.pipeline.dpop.UsedProofs.Use;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class UsedProofsTests {

    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final KeyThumbprint KEY = new KeyThumbprint(Sha256.base64Url("one"));
    private static final KeyThumbprint OTHER = new KeyThumbprint(Sha256.base64Url("other"));

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final UsedProofs used = new UsedProofs(() -> Instant.ofEpochMilli(now.get()), LIFE, 3);

    @Test
    void useWhenRepeatedWithinItsLifeThenNotFirst() {
        for (int part = 0; part < 8; part++) {
            pass(LIFE.dividedBy(3));
            assertThat(used.use(KEY, "id" + part)).isEqualTo(Use.FIRST);
            for (int before = Math.max(0, part - 2); before <= part; before++) {
                assertThat(used.use(KEY, "id" + before))
                        .as("id%d at %d", before, part)
                        .isEqualTo(Use.REPEATED);
            }
        }
    }

    @Test
    void useWhenTwoLivesHavePassedThenForgotten() {
        used.use(KEY, "id");
        pass(LIFE.multipliedBy(2));
        assertThat(used.use(KEY, "id")).isEqualTo(Use.FIRST);
    }

    @Test
    void useWhenAnotherKeyHasTheSameIdThenFirst() {
        used.use(KEY, "id");
        assertThat(used.use(OTHER, "id")).isEqualTo(Use.FIRST);
    }

    @Test
    void useWhenThereIsNoRoomThenNothingIsForgotten() {
        for (int i = 0; i < 3; i++) {
            assertThat(used.use(KEY, "id" + i)).isEqualTo(Use.FIRST);
        }
        assertThat(used.use(KEY, "id3")).isEqualTo(Use.NO_ROOM);
        assertThat(used.use(KEY, "id0")).isEqualTo(Use.REPEATED);
        pass(LIFE);
        assertThat(used.use(KEY, "id3")).isEqualTo(Use.FIRST);
        assertThat(used.use(KEY, "id0")).isEqualTo(Use.REPEATED);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toMillis());
    }
}
