package dev.latchkey.gateway.telemetry.accesslog;

import dev.latchkey.gateway.telemetry.RequestObserver;
import dev.latchkey.gateway.telemetry.RequestOutcome;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Chooses which requests get a line. */
@Component
final class AccessLog implements RequestObserver, DisposableBean {

    private static final int SERVER_ERROR = 500;

    private final AccessLogProperties properties;
    private final @Nullable AccessLogWriter writer;

    AccessLog(AccessLogProperties properties, MeterRegistry registry) {
        this.properties = properties;
        this.writer = properties.isOn() ? writer(properties, registry) : null;
        if (writer != null) {
            writer.start();
        }
    }

    private static AccessLogWriter writer(AccessLogProperties properties, MeterRegistry registry) {
        Counter dropped = Counter.builder("latchkey.access.log.dropped")
                .description("Requests whose line was not written, because the log was too slow or failed")
                .register(registry);
        Path file = properties.file();
        SubjectHash subjects = new SubjectHash(properties.subjectKeyFile());
        return new AccessLogWriter(
                new AccessLogLine(properties, subjects),
                file == null ? null : new AppendedFile(file),
                dropped::increment);
    }

    @Override
    public boolean isActive() {
        return writer != null;
    }

    @Override
    public void ended(RequestRecord request) {
        if (writer != null && isChosen(request)) {
            writer.offer(request);
        }
    }

    private boolean isChosen(RequestRecord request) {
        return properties.mode() == AccessLogProperties.Mode.ON
                || request.status() >= SERVER_ERROR
                || request.outcome() == RequestOutcome.FAILED
                || ThreadLocalRandom.current().nextDouble() < properties.sampleRate();
    }

    @Override
    public void destroy() {
        if (writer != null) {
            writer.stop();
        }
    }
}
