package dev.latchkey.gateway.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The time that a test lives by, and all gateways and scripts of a story; it moves only when the test says so. */
public final class TestClock implements InstantSource {

    private final AtomicReference<Instant> now;
    private final AtomicReference<Runnable> whenRead = new AtomicReference<>(() -> {});

    /** Stands at the second that it is now. */
    public TestClock() {
        this(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    public TestClock(Instant now) {
        this.now = new AtomicReference<>(now);
    }

    @Override
    public Instant instant() {
        whenRead.get().run();
        return now.get();
    }

    /** Runs on each thread that asks for the time, until another replaces it. */
    public void whenRead(Runnable action) {
        whenRead.set(action);
    }

    /** Goes on from where it stands as real time does, until it is told to {@link #stand}. */
    public void run() {
        Duration ahead = Duration.between(Instant.now(), now.get());
        whenRead(() -> now.set(Instant.now().plus(ahead)));
    }

    public void stand() {
        whenRead(() -> {});
    }

    public void moveTo(Instant instant) {
        now.set(instant);
    }

    public void advance(Duration duration) {
        now.updateAndGet(time -> time.plus(duration));
    }

    public void advanceSeconds(long seconds) {
        advance(Duration.ofSeconds(seconds));
    }
}
