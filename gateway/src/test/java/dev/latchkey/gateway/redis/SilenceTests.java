package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** How many calls are let through to a server, and how few to a silent one. */
final class SilenceTests {

    private long nanos = 42;
    private final Silence silence = new Silence(() -> nanos);

    @Test
    void beginWhenOneWaitedInVainThenOnlyNowAndThen() {
        silence.failed(new TimeoutException());
        assertThat(silence.begin()).isFalse();
        nanos += Silence.BETWEEN_TRIES.toNanos();
        assertThat(silence.begin()).isTrue();
        assertThat(silence.begin()).as("one try").isFalse();
        nanos += Silence.BETWEEN_TRIES.toNanos();
        assertThat(silence.begin()).as("and again").isTrue();
    }

    @Test
    void beginWhenAnAnswerCameThenAllGoOn() {
        silence.failed(new TimeoutException());
        silence.answered();
        assertThat(silence.begin()).isTrue();
        assertThat(silence.begin()).isTrue();
    }

    @Test
    void beginWhenACallWasRefusedThenThatIsNoSilence() {
        silence.failed(new RedisCommandExecutionException("OOM command not allowed"));
        assertThat(silence.begin()).isTrue();
    }

    @Test
    void beginWhenTooManyAreUnderWayThenNoMoreUntilSomeEnd() {
        for (int i = 0; i < Silence.MOST; i++) {
            assertThat(silence.begin()).isTrue();
        }
        assertThat(silence.begin()).isFalse();
        assertThat(silence.begin()).isFalse();
        silence.ended();
        assertThat(silence.begin()).isTrue();
        assertThat(silence.begin()).isFalse();
    }
}
