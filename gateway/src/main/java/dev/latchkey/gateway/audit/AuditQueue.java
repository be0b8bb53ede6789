package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.logging.ThrottledLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Events on their way to a place that may be slow, written on a thread of its own. While they cannot be written, up to
 * {@value #MOST} wait, in order, and are tried again; what comes on top, and what the place refuses while it takes
 * another, is dropped, counted, and said in the log once a minute.
 */
public final class AuditQueue {

    static final int MOST = 10_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(AuditQueue.class);
    private static final int LARGEST_BATCH = 100;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often a batch is tried before its events are tried one by one. */
    private static final int PATIENCE = 10;

    private static final long STOP_MILLIS = 2_000;

    private final String sink;
    private final Writer writer;
    private final Counter dropped;
    private final long pauseNanos;
    private final ThrottledLog drops = throttled();
    private final ThrottledLog failures = throttled();

    private final Queue<Item> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Thread thread;
    private volatile boolean isStopping;

    /**
     * Begins at once.
     *
     * @param sink what the place is called in meters and in the log
     * @param pause before what could not be written is tried again
     */
    public AuditQueue(String sink, Writer writer, Duration pause, MeterRegistry meters) {
        this.sink = sink;
        this.writer = writer;
        this.pauseNanos = pause.toNanos();
        this.dropped = Counter.builder("latchkey.audit.dropped")
                .description("Audit events that were not written, because the place for them was too slow or failed")
                .tag("sink", sink)
                .register(meters);
        this.thread = new Thread(this::run, "latchkey-audit-" + sink);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private static ThrottledLog throttled() {
        return new ThrottledLog(LOGGER, Level.WARN, Duration.ofMinutes(1), System::nanoTime);
    }

    /** Writes events, on the queue's thread. */
    public interface Writer {

        /** Blocks until they are written; if it fails, it is called with them again. */
        void write(List<Stamped> events) throws Exception;
    }

    /**
     * An event with its time.
     *
     * @param at when it happened
     */
    public record Stamped(AuditEvent event, Instant at) {}

    /** An event, or somebody who waits until those before it are written. */
    private record Item(@Nullable Stamped event, Sinks.@Nullable Empty<Void> written) {}

    /** Neither blocks nor waits; on any thread. */
    public void offer(AuditEvent event, Instant at) {
        if (!add(new Item(new Stamped(event, at), null))) {
            drop(1);
        }
    }

    private boolean add(Item item) {
        if (size.incrementAndGet() > MOST || isStopping) {
            size.decrementAndGet();
            return false;
        }
        queue.add(item);
        LockSupport.unpark(thread);
        return true;
    }

    /**
     * Completes when all that was offered before is written, or when this time is over; at once if the queue is full.
     */
    public Mono<Void> written(Duration most) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> written = Sinks.empty();
            return add(new Item(null, written)) ? written.asMono().timeout(most, Mono.empty()) : Mono.empty();
        });
    }

    private void run() {
        List<Item> batch = new ArrayList<>();
        int failed = 0;
        while (!isStopping || !queue.isEmpty()) {
            fill(batch);
            if (batch.isEmpty()) {
                LockSupport.parkNanos(IDLE_NANOS);
            } else if (write(batch)) {
                failed = 0;
            } else if (isStopping) {
                break;
            } else if (++failed < PATIENCE || !writeApart(batch)) {
                pause();
            }
        }
        drop(batch.size() + queue.size());
    }

    /**
     * One event that the place never takes must not hold the others back: what it refuses once more, having taken the
     * next, is dropped. True if anything came of it.
     */
    private boolean writeApart(List<Item> batch) {
        if (batch.size() < 2) {
            return false;
        }
        if (write(batch.subList(0, 1))) {
            return true;
        }
        if (!write(batch.subList(1, 2))) {
            return false;
        }
        if (!write(batch.subList(0, 1))) {
            batch.remove(0);
            size.decrementAndGet();
            drop(1);
        }
        return true;
    }

    /** Events that come meanwhile wake the thread, and must not make it try more often. */
    private void pause() {
        long end = System.nanoTime() + pauseNanos;
        for (long left = pauseNanos; left > 0 && !isStopping; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void fill(List<Item> batch) {
        while (batch.size() < LARGEST_BATCH) {
            Item next = queue.poll();
            if (next == null) {
                return;
            }
            batch.add(next);
        }
    }

    /** A fault must not end the thread, on which all later events depend. */
    private boolean write(List<Item> batch) {
        List<Stamped> events =
                batch.stream().flatMap(item -> Stream.ofNullable(item.event())).toList();
        try {
            if (!events.isEmpty()) {
                writer.write(events);
            }
        } catch (Exception failure) {
            failures.write(
                    "Audit events could not be written and are tried again",
                    sink + ": " + failure.getClass().getSimpleName());
            return false;
        }
        size.addAndGet(-batch.size());
        batch.stream().flatMap(item -> Stream.ofNullable(item.written())).forEach(Sinks.Empty::tryEmitEmpty);
        batch.clear();
        return true;
    }

    private void drop(int events) {
        if (events > 0) {
            dropped.increment(events);
            drops.write("Audit events were dropped", sink);
        }
    }

    /** Waits for a moment until what was offered is written. */
    public void stop() {
        isStopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
