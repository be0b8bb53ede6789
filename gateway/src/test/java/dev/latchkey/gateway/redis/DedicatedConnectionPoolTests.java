package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The end of a node's own connections, which comes before that of the driver. */
final class DedicatedConnectionPoolTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final RedisConnectionFactory factory = mock(RedisConnectionFactory.class);
    private final DedicatedConnectionPool connections = new DedicatedConnectionPool(factory);

    @Test
    void stopWhenAConnectionIsBeingMadeThenWaitsForIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        when(factory.getConnection()).thenAnswer(call -> {
            begun.countDown();
            over.await();
            throw new RedisConnectionFailureException("away");
        });
        connections.with(own -> Mono.just("used")).onErrorComplete().subscribe();
        assertThat(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        FutureTask<Boolean> end = new FutureTask<>(() -> {
            connections.stop();
            return over.getCount() == 0;
        });
        Thread stopping = new Thread(end);
        stopping.start();
        await().atMost(LIMIT).until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        over.countDown();

        assertThat(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("was over when the stop was")
                .isTrue();
        verify(factory).getConnection();
    }

    @Test
    void withWhenStoppedThenNoneIsMade() {
        connections.stop();
        StepVerifier.create(connections.with(own -> Mono.just("used")))
                .expectError()
                .verify(LIMIT);
        verifyNoInteractions(factory);
        assertThat(connections.isRunning()).isFalse();
    }

    @Test
    void phaseWhenComparedThenAboveThatOfTheDriver() {
        assertThat(connections.getPhase()).isGreaterThan(new LettuceConnectionFactory().getPhase());
    }
}
