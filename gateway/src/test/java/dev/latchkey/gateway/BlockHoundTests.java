package dev.latchkey.gateway;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The watch over the event loops is on in every test: this one shows that it bites. */
final class BlockHoundTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void waitWhenOnAnEventLoopThenFails() {
        CountDownLatch never = new CountDownLatch(1);
        Mono<Boolean> waiting = Mono.fromCallable(() -> never.await(1, TimeUnit.MINUTES));
        StepVerifier.create(waiting.subscribeOn(Schedulers.parallel()))
                .expectError(BlockingOperationError.class)
                .verify(LIMIT);
    }
}
