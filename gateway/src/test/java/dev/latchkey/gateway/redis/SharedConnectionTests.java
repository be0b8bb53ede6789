package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.latchkey.gateway.denylist.DenylistKeys;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Where and how often a connection is made. */
final class SharedConnectionTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final RedisConnectionFactory factory = mock(RedisConnectionFactory.class);
    private final RedisConnection connection = mock(RedisConnection.class);
    private long nanos = 42;
    private final SharedConnection link = new SharedConnection(factory, DenylistKeys.HEARTBEATS, () -> nanos);

    @Test
    void commandsWhenFirstAskedOnAnEventLoopThenConnectedWhereBlockingIsAllowed() {
        AtomicReference<Boolean> mayBlock = new AtomicReference<>();
        when(connection.getNativeConnection()).thenReturn(mock(RedisAsyncCommands.class));
        when(factory.getConnection()).thenAnswer(call -> {
            mayBlock.set(!Schedulers.isInNonBlockingThread());
            return connection;
        });
        link.commands().subscribeOn(Schedulers.parallel()).block(LIMIT);
        assertThat(mayBlock.get()).isTrue();
    }

    @Test
    void commandsWhenConnectedThenNeverAgain() {
        when(connection.getNativeConnection()).thenReturn(mock(RedisAsyncCommands.class));
        when(factory.getConnection()).thenReturn(connection);
        Object first = link.commands().block(LIMIT);
        assertThat(link.commands().block(LIMIT)).isSameAs(first);
        verify(factory, times(1)).getConnection();
    }

    @Test
    void commandsWhenOneAttemptFailedThenItIsTheAnswerForAMomentAndThenTriedAgain() {
        when(connection.getNativeConnection()).thenReturn(mock(RedisAsyncCommands.class));
        when(factory.getConnection())
                .thenThrow(new RedisConnectionFailureException("away"))
                .thenReturn(connection);
        for (int i = 0; i < 3; i++) {
            StepVerifier.create(link.commands())
                    .expectError(RedisConnectionFailureException.class)
                    .verify(LIMIT);
        }
        verify(factory, times(1)).getConnection();
        nanos += SharedConnection.A_MOMENT.toNanos();
        assertThat(link.commands().block(LIMIT)).isNotNull();
        verify(factory, times(2)).getConnection();
    }

    @Test
    void commandsWhenTheOneWhoAskedHasLeftThenALaterFailureIsNotLoggedAsDropped() {
        CountDownLatch hasLeft = new CountDownLatch(1);
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        when(factory.getConnection()).thenAnswer(call -> {
            assertThat(hasLeft.await(10, TimeUnit.SECONDS)).isTrue();
            throw new RedisConnectionFailureException("away");
        });
        CompletableFuture<?> stays = link.commands().toFuture();
        DroppedInto.list(dropped, link.commands()).subscribe().dispose();
        hasLeft.countDown();
        assertThat(stays).failsWithin(LIMIT);
        assertThat(dropped).isEmpty();
    }
}
