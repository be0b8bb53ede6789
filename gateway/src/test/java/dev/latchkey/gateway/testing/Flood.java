package dev.latchkey.gateway.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends the same again and again, as fast as the other side reads it. */
public final class Flood {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final AtomicInteger sent = new AtomicInteger();
    private final CompletableFuture<Void> sending;

    /** @param most how often */
    public Flood(RawConnection to, String piece, int most) {
        this(() -> to.send(piece), most);
    }

    /**
     * Does the same, whatever it is.
     *
     * @param one sends once
     * @param most how often
     */
    public Flood(Runnable one, int most) {
        sending = CompletableFuture.runAsync(() -> {
            while (sent.get() < most) {
                one.run();
                sent.incrementAndGet();
            }
        });
    }

    /** How much found a place, until nothing more does for two seconds. */
    public int sentUntilItStops() {
        AtomicInteger before = new AtomicInteger();
        await().pollInterval(Duration.ofSeconds(2))
                .atMost(LIMIT)
                .until(() -> sent.get() > 0 && sent.get() == before.getAndSet(sent.get()));
        return sent.get();
    }

    public void awaitEnd() {
        sending.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
