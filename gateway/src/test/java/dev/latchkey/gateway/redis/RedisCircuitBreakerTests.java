package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** How many calls are let through to a server, and how few to a silent one. */
final class RedisCircuitBreakerTests {

    private long nanos = 42;
    private final RedisCircuitBreaker breaker = new RedisCircuitBreaker(() -> nanos);

    @Test
    void beginWhenOneWaitedInVainThenOnlyNowAndThen() {
        breaker.failed(new TimeoutException());
        assertThat(breaker.begin()).isFalse();
        nanos += RedisCircuitBreaker.BETWEEN_TRIES.toNanos();
        assertThat(breaker.begin()).isTrue();
        assertThat(breaker.begin()).as("one try").isFalse();
        nanos += RedisCircuitBreaker.BETWEEN_TRIES.toNanos();
        assertThat(breaker.begin()).as("and again").isTrue();
    }

    @Test
    void beginWhenAnAnswerCameThenAllGoOn() {
        breaker.failed(new TimeoutException());
        breaker.answered();
        assertThat(breaker.begin()).isTrue();
        assertThat(breaker.begin()).isTrue();
    }

    @Test
    void beginWhenACallWasRefusedThenThatIsNoSilence() {
        breaker.failed(new RedisCommandExecutionException("OOM command not allowed"));
        assertThat(breaker.begin()).isTrue();
    }

    @Test
    void beginWhenTooManyAreUnderWayThenNoMoreUntilSomeEnd() {
        for (int i = 0; i < RedisCircuitBreaker.MOST; i++) {
            assertThat(breaker.begin()).isTrue();
        }
        assertThat(breaker.begin()).isFalse();
        assertThat(breaker.begin()).isFalse();
        breaker.ended();
        assertThat(breaker.begin()).isTrue();
        assertThat(breaker.begin()).isFalse();
    }

    /**
     * Why the breaker of routes does not serve here, too: it waits for its one trial, which a silent server never ends.
     */
    @Test
    void beginWhenTheServerIsSilentForASecondThenTriesGoOnUnlikeTheLibrarys() {
        Clock clock = mock(Clock.class);
        when(clock.instant()).thenAnswer(call -> Instant.EPOCH.plusNanos(nanos));
        CircuitBreaker library = CircuitBreaker.of(
                "redis",
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .waitDurationInOpenState(RedisCircuitBreaker.BETWEEN_TRIES)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        breaker.failed(new TimeoutException());
        library.onError(1, TimeUnit.SECONDS, new TimeoutException());
        int tries = 0;
        int triesOfLibrary = 0;
        for (int millis = 0; millis < 1000; millis++) {
            nanos += TimeUnit.MILLISECONDS.toNanos(1);
            tries += breaker.begin() ? 1 : 0;
            triesOfLibrary += library.tryAcquirePermission() ? 1 : 0;
        }
        assertThat(tries).isEqualTo(10);
        assertThat(triesOfLibrary).isEqualTo(1);
    }
}
