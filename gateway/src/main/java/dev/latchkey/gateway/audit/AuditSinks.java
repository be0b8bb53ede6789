package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.startup.StartupException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Component;

/** Gives each event to all places that are configured. */
@Component
final class AuditSinks implements AuditLog {

    private final LoggingAuditLog log = new LoggingAuditLog();
    private final boolean isLogged;
    private final List<AuditSink> sinks;
    private final InstantSource clock;

    AuditSinks(AuditProperties properties, List<AuditSink> sinks, InstantSource clock) {
        if (!properties.log() && sinks.isEmpty()) {
            throw new StartupException(
                    AuditSetting.NOWHERE,
                    "Set latchkey.audit.stdout, .file.path or .stream.enabled, or leave latchkey.audit.log as it is.");
        }
        this.isLogged = properties.log();
        this.sinks = List.copyOf(sinks);
        this.clock = clock;
    }

    @Override
    public void record(AuditEvent event) {
        if (isLogged) {
            log.record(event);
        }
        if (!sinks.isEmpty()) {
            Instant now = clock.instant();
            sinks.forEach(sink -> sink.record(event, now));
        }
    }
}
