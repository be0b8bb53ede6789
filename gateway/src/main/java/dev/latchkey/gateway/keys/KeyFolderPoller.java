package dev.latchkey.gateway.keys;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks at the keys folder at an interval, on a thread of its own: files block. */
final class KeyFolderPoller implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(KeyFolderPoller.class);

    private final KeyFolderWatch watch;
    private final Duration interval;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(KeyFolderPoller::daemon);
    private volatile boolean running;

    KeyFolderPoller(KeyFolderWatch watch, Duration interval) {
        this.watch = watch;
        this.interval = interval;
    }

    @Override
    public void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::poll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        running = true;
    }

    @Override
    public void stop() {
        thread.shutdownNow();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** An exception would end the schedule, and with it every later change of keys. */
    private void poll() {
        try {
            watch.poll();
        } catch (RuntimeException unexpected) {
            log.error("keys folder: could not be looked at; the keys read before stay in use", unexpected);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "latchkey-keys");
        thread.setDaemon(true);
        return thread;
    }
}
