package dev.latchkey.gateway.user;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/** Looks at the users file at an interval, on a thread of its own: files block. */
final class UsersFilePoller implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(UsersFilePoller.class);

    private final UsersFileWatch watch;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(UsersFilePoller::daemon);

    UsersFilePoller(UsersFileWatch watch, Duration interval) {
        this.watch = watch;
        var unused = thread.scheduleWithFixedDelay(
                this::poll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
    }

    /** An exception would end the schedule, and with it every later change of users. */
    private void poll() {
        try {
            watch.poll();
        } catch (RuntimeException unexpected) {
            log.error("users file: could not be looked at; the users read before stay", unexpected);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "latchkey-users");
        thread.setDaemon(true);
        return thread;
    }
}
