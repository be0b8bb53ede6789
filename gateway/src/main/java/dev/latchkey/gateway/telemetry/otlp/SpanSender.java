package dev.latchkey.gateway.telemetry.otlp;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.telemetry.RequestQueue;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.TraceContext;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes spans of records and exports them in batches, one after the other, on a thread of its own. What it has no room
 * for is dropped, because a slow collector must not delay requests. It looks for records several times a second; to
 * wake it would cost each request more.
 */
final class SpanSender {

    /** Records that may wait. */
    static final int MOST = 8_192;

    /** Records of one export; each makes two spans at most. */
    private static final int BATCH = 512;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long STOP_MILLIS = 5_000;
    private static final long END_MILLIS = 500;

    private final ThrottledLog failures = new ThrottledLog(
            LoggerFactory.getLogger(SpanSender.class), Level.WARN, Duration.ofMinutes(1), System::nanoTime);
    private final RequestQueue queue = new RequestQueue(MOST);
    private final RequestSpans spans;
    private final SpanExporter exporter;
    private final Duration limit;
    private final IntConsumer dropped;
    private final Thread thread = new Thread(this::run, "latchkey-spans");
    private volatile boolean isStopping;

    /**
     * @param limit how long an export is waited for
     * @param dropped is told how many spans were not exported, on any thread
     */
    SpanSender(RequestSpans spans, SpanExporter exporter, Duration limit, IntConsumer dropped) {
        this.spans = spans;
        this.exporter = exporter;
        this.limit = limit;
        this.dropped = dropped;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Neither blocks nor waits; on any thread. */
    void offer(RequestRecord request) {
        if (!queue.offer(request)) {
            drop(RequestSpans.count(request), "too many are waiting");
        }
    }

    private void run() {
        while (!isStopping) {
            drain();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        drain();
    }

    private void drain() {
        for (List<SpanData> batch = next(); !batch.isEmpty(); batch = next()) {
            export(batch);
        }
    }

    private List<SpanData> next() {
        List<SpanData> batch = new ArrayList<>();
        for (int each = 0; each < BATCH; each++) {
            RequestRecord request = queue.poll();
            if (request == null) {
                break;
            }
            TraceContext trace = request.trace();
            if (trace != null) {
                spans.add(request, trace, batch);
            }
        }
        return batch;
    }

    /** A fault must not end the thread, on which all later spans depend. An interruption is the end of the stop. */
    private void export(List<SpanData> batch) {
        if (Thread.currentThread().isInterrupted()) {
            drop(batch.size(), "the gateway stops");
            return;
        }
        try {
            CompletableResultCode result = exporter.export(batch).join(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!result.isSuccess()) {
                drop(batch.size(), cause(result.getFailureThrowable()));
            }
        } catch (RuntimeException fault) {
            drop(batch.size(), fault.getClass().getSimpleName());
        }
    }

    /** The library has no other place for the status. Below an I/O error there are only details of the JDK. */
    private static String cause(@Nullable Throwable failure) {
        if (!(failure instanceof HttpExportException http)) {
            return "no answer in time";
        }
        HttpResponse response = http.getResponse();
        if (response != null) {
            return "status " + response.getStatusCode();
        }
        Throwable cause = failure;
        while (!(cause instanceof IOException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }

    private void drop(int count, String why) {
        dropped.accept(count);
        failures.write("Spans were not exported", why);
    }

    /** Waits for at most 6 seconds until what was offered is exported; the rest is dropped. */
    void stop() {
        isStopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS);
            thread.interrupt();
            thread.join(END_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        exporter.shutdown();
    }
}
