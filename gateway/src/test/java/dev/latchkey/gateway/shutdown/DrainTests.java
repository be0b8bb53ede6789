package dev.latchkey.gateway.shutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** When long-lived connections end. */
final class DrainTests {

    private static final int MANY = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Drain drain = new Drain();
    private final AtomicInteger ended = new AtomicInteger();

    @Test
    void endWhenTheNodeDrainsThenOneConnectionAfterTheOther() {
        open(MANY);
        assertThat(drain.hasBegun()).isFalse();
        drain.begin(Duration.ofSeconds(8));
        assertThat(drain.hasBegun()).isTrue();
        await().atMost(LIMIT).until(() -> ended.get() > 0);
        assertThat(ended.get()).isLessThan(MANY / 2);
        await().atMost(LIMIT).until(() -> ended.get() == MANY);
    }

    @Test
    void endWhenAConnectionBeginsInTheDrainThenWithinIt() {
        drain.begin(Duration.ofMillis(300));
        open(MANY);
        await().atMost(LIMIT).until(() -> ended.get() == MANY);
    }

    @Test
    void endWhenAConnectionIsClosedBeforeThenNobodyHears() {
        List<Disposable> connections = open(MANY);
        connections.forEach(Disposable::dispose);
        drain.begin(Duration.ZERO);
        open(1);
        await().atMost(LIMIT).until(() -> ended.get() == 1);
    }

    private List<Disposable> open(int number) {
        return IntStream.range(0, number)
                .mapToObj(unused -> drain.endOfConnection().subscribe(null, null, ended::incrementAndGet))
                .toList();
    }
}
