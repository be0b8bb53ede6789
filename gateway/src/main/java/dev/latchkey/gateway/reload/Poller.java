package dev.latchkey.gateway.reload;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Calls something at an interval while the gateway runs, on a thread of its own, because reading files blocks. */
public final class Poller implements SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(Poller.class);
    private static final long LONGEST_END_SECONDS = 2;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final String subject;
    private final Duration interval;
    private final Runnable look;
    private final Runnable end;
    private final ScheduledExecutorService thread;
    private volatile boolean running;

    /**
     * @param subject for the thread's name and messages
     * @param look what it throws is logged, and the next call comes all the same
     */
    public Poller(String subject, Duration interval, Runnable look) {
        this(subject, interval, look, () -> {});
    }

    /**
     * The same.
     *
     * @param end called behind the last call, while what it may need still runs; it neither throws nor blocks for long
     */
    public Poller(String subject, Duration interval, Runnable look, Runnable end) {
        this.subject = subject;
        this.interval = interval;
        this.look = look;
        this.end = end;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "latchkey-" + subject));
    }

    /**
     * Checks an interval that was configured.
     *
     * @throws IllegalArgumentException with a sentence, unless it lies between 100 milliseconds and a minute
     */
    public static void checkInterval(String property, Duration interval) {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(property + " must lie between 100ms and 1m");
        }
    }

    @Override
    public void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::poll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        running = true;
    }

    /** An interrupt would break a file that is being written, so the call in progress may finish. */
    @Override
    public void stop() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        end.run();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** An exception would silently end the schedule, and every later change would be missed. */
    private void poll() {
        try {
            look.run();
        } catch (RuntimeException | Error unexpected) {
            LOGGER.error("{}: looking for changes failed; what was read before stays active", subject, unexpected);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
