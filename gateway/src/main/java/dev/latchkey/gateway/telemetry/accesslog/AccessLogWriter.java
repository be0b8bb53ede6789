package dev.latchkey.gateway.telemetry.accesslog;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.telemetry.RequestQueue;
import dev.latchkey.gateway.telemetry.RequestRecord;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes lines on a thread of its own. What it has no room for is dropped, because a slow disk must not delay requests.
 * It looks for records several times a second; to wake it would cost each request more than the line.
 */
final class AccessLogWriter {

    static final int MOST = 8_192;

    /** Lines between two looks at the file. */
    private static final int BATCH = 512;

    private static final Logger ACCESS = LoggerFactory.getLogger("latchkey.access");
    private static final ThrottledLog FAILURES =
            new ThrottledLog(LoggerFactory.getLogger(AccessLogWriter.class), Level.ERROR);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FOLLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_MILLIS = 2_000;

    private final RequestQueue queue = new RequestQueue(MOST);
    private final AccessLogLine lines;
    private final @Nullable AppendedFile file;
    private final Runnable dropped;
    private final Thread thread = new Thread(this::run, "latchkey-access-log");
    private volatile boolean isStopping;
    private long followed = System.nanoTime();

    /** Lines in the file's buffer. */
    private int waiting;

    /**
     * @param file null for the logger {@code latchkey.access}
     * @param dropped is called for each line that is not written, on any thread
     */
    AccessLogWriter(AccessLogLine lines, @Nullable AppendedFile file, Runnable dropped) {
        this.lines = lines;
        this.file = file;
        this.dropped = dropped;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Neither blocks nor waits; on any thread. */
    void offer(RequestRecord request) {
        if (!queue.offer(request)) {
            dropped.run();
        }
    }

    private void run() {
        while (!isStopping) {
            boolean isMore = drain();
            follow();
            if (!isMore) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        while (drain()) {
            follow();
        }
        close();
    }

    /**
     * Writes what waits, but no more than a batch: where requests come faster than lines are written, there is always
     * more.
     *
     * @return whether more may wait
     */
    private boolean drain() {
        int written = 0;
        long wall = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
        for (RequestRecord next = queue.poll(); next != null; next = written < BATCH ? queue.poll() : null) {
            written++;
            write(next, wall);
        }
        if (written > 0) {
            flush();
        }
        return written == BATCH;
    }

    /** A fault must not end the thread, on which all later lines depend. */
    private void write(RequestRecord request, long wall) {
        try {
            JsonLine line = lines.of(request, wall);
            if (file == null) {
                ACCESS.info(line.toString());
            } else {
                add(file, line);
            }
        } catch (RuntimeException failure) {
            dropped.run();
            failed(failure);
        }
    }

    private void add(AppendedFile file, JsonLine line) {
        boolean isAdded = file.add(line.bytes(), line.length());
        if (!isAdded) {
            flush();
            isAdded = file.add(line.bytes(), line.length());
        }
        if (isAdded) {
            waiting++;
        } else {
            dropped.run();
        }
    }

    private void flush() {
        int lines = waiting;
        waiting = 0;
        try {
            if (file != null) {
                file.flush();
            }
        } catch (IOException failure) {
            for (int each = 0; each < lines; each++) {
                dropped.run();
            }
            failed(failure);
        }
    }

    private void follow() {
        long now = System.nanoTime();
        if (file != null && now - followed > FOLLOW_NANOS) {
            followed = now;
            try {
                file.follow();
            } catch (IOException failure) {
                failed(failure);
            }
        }
    }

    private void failed(Exception failure) {
        FAILURES.write(
                "A line of the access log could not be written",
                failure.getClass().getSimpleName());
        close();
    }

    private void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException failure) {
            FAILURES.write(
                    "The access log could not be closed", failure.getClass().getSimpleName());
        }
    }

    /** Waits for a moment until what was offered is written. */
    void stop() {
        isStopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
