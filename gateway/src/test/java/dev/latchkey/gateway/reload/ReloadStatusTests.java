package dev.latchkey.gateway.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ReloadStatusTests {

    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    private final InstantSource clock = () -> {
        meanwhile.getAndSet(() -> {}).run();
        return Instant.EPOCH;
    };
    private final ReloadStatus status = new ReloadStatus("words", clock, new SimpleMeterRegistry());

    /** The changes of users are applied by one thread, and their file is read by another. */
    @Test
    void correctedWhenAnotherThreadLoadsMeanwhileThenWhatIsLoadedCounts() throws InterruptedException {
        Thread other = new Thread(() -> status.loaded(7));
        meanwhile.set(() -> {
            other.start();
            while (other.getState() != Thread.State.TERMINATED && other.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        });

        status.corrected();
        other.join();

        assertThat(status.report().count()).isEqualTo(7);
    }
}
