package dev.latchkey.gateway.audit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ContextBase;
import dev.latchkey.gateway.audit.AuditQueue.Stamped;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;

/**
 * Events as lines of JSON: what {@code logging.structured.format.console: ecs} makes of them, with the same properties
 * below {@code logging.structured.ecs}.
 */
final class EcsLines {

    private final StructuredLogEncoder encoder = new StructuredLogEncoder();

    EcsLines(Environment environment) {
        ContextBase context = new ContextBase();
        context.putObject(Environment.class.getName(), environment);
        encoder.setContext(context);
        encoder.setFormat("ecs");
        encoder.start();
    }

    /** UTF-8, with the end of the line. */
    byte[] of(Stamped stamped) {
        LoggingEvent line = new LoggingEvent();
        line.setLoggerName(LoggingAuditLog.NAME);
        line.setLevel(Level.INFO);
        line.setThreadName(Thread.currentThread().getName());
        line.setInstant(stamped.at());
        line.setMessage(LoggingAuditLog.sentence(stamped.event()));
        line.setMDCPropertyMap(Map.of());
        List<KeyValuePair> fields = EcsFields.of(stamped.event()).entrySet().stream()
                .map(field -> new KeyValuePair(field.getKey(), field.getValue()))
                .toList();
        line.setKeyValuePairs(fields);
        return encoder.encode(line);
    }
}
