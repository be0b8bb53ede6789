package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** How many calls are let through to a server, and how few to a silent one. */
final class RedisCircuitBreakerTests {

    private long nanos = 42;
    private final RedisCircuitBreaker redisCircuitBreaker = new RedisCircuitBreaker(() -> nanos);

    @Test
    void beginWhenOneWaitedInVainThenOnlyNowAndThen() {
        redisCircuitBreaker.failed(new TimeoutException());
        assertThat(redisCircuitBreaker.begin()).isFalse();
        nanos += RedisCircuitBreaker.BETWEEN_TRIES.toNanos();
        assertThat(redisCircuitBreaker.begin()).isTrue();
        assertThat(redisCircuitBreaker.begin()).as("one try").isFalse();
        nanos += RedisCircuitBreaker.BETWEEN_TRIES.toNanos();
        assertThat(redisCircuitBreaker.begin()).as("and again").isTrue();
    }

    @Test
    void beginWhenAnAnswerCameThenAllGoOn() {
        redisCircuitBreaker.failed(new TimeoutException());
        redisCircuitBreaker.answered();
        assertThat(redisCircuitBreaker.begin()).isTrue();
        assertThat(redisCircuitBreaker.begin()).isTrue();
    }

    @Test
    void beginWhenACallWasRefusedThenThatIsNoSilence() {
        redisCircuitBreaker.failed(new RedisCommandExecutionException("OOM command not allowed"));
        assertThat(redisCircuitBreaker.begin()).isTrue();
    }

    @Test
    void beginWhenTooManyAreUnderWayThenNoMoreUntilSomeEnd() {
        for (int i = 0; i < RedisCircuitBreaker.MOST; i++) {
            assertThat(redisCircuitBreaker.begin()).isTrue();
        }
        assertThat(redisCircuitBreaker.begin()).isFalse();
        assertThat(redisCircuitBreaker.begin()).isFalse();
        redisCircuitBreaker.ended();
        assertThat(redisCircuitBreaker.begin()).isTrue();
        assertThat(redisCircuitBreaker.begin()).isFalse();
    }
}
