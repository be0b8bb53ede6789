package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.RedisConnectionFailureException;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Each call of Redis ends with its time limit, however late the driver gives it up. */
final class TimeLimitTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void callWhenItIsAnsweredThenTheAnswer() {
        assertThat(DriverThreads.leave(Mono.just("PONG"), LIMIT).block(LIMIT)).isEqualTo("PONG");
        assertThat(DriverThreads.leave(Mono.empty(), LIMIT).blockOptional(LIMIT))
                .isEmpty();
    }

    @Test
    void callWhenItFailsThenTheFailure() {
        StepVerifier.create(DriverThreads.leave(Mono.error(new RedisConnectionFailureException("away")), LIMIT))
                .expectError(RedisConnectionFailureException.class)
                .verify(LIMIT);
    }

    @Test
    void callWhenItFailsJustAfterTheLimitThenTheFailureIsNotLoggedAsDropped() {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        TestPublisher<String> driver = TestPublisher.create();
        Mono<String> call =
                Mono.fromDirect(driver).doOnCancel(() -> driver.error(new RedisConnectionFailureException("late")));
        StepVerifier.create(DroppedInto.list(dropped, DriverThreads.leave(call, Duration.ofMillis(10))))
                .expectError(TimeoutException.class)
                .verify(LIMIT);
        driver.assertWasSubscribed();
        assertThat(dropped).isEmpty();
    }
}
