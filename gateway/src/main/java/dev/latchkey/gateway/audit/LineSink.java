package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.audit.AuditQueue.Stamped;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;

/** Writes each event as a line of JSON, without delaying anybody. */
final class LineSink implements AuditSink, DisposableBean {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final EcsLines lines;
    private final Output output;
    private final AuditQueue queue;

    /** @param name what meters and the log call it */
    LineSink(String name, EcsLines lines, Output output, MeterRegistry meters) {
        this.lines = lines;
        this.output = output;
        this.queue = new AuditQueue(name, this::write, PAUSE, meters);
    }

    /** Where lines go; for one thread. */
    interface Output {

        /** Writes whole lines, or fails. */
        void write(byte[] lines) throws IOException;
    }

    @Override
    public void record(AuditEvent event, Instant at) {
        queue.offer(event, at);
    }

    private void write(List<Stamped> events) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Stamped event : events) {
            all.writeBytes(lines.of(event));
        }
        output.write(all.toByteArray());
    }

    @Override
    public void destroy() {
        queue.stop();
    }
}
