package dev.latchkey.gateway.audit;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes events to the logger {@code latchkey.audit}, which operators route where they need it: a line that a person
 * can read, and the same as key-value pairs for structured logging: see {@link EcsFields}.
 */
final class LoggingAuditLog implements AuditLog {

    static final String NAME = "latchkey.audit";

    private static final Logger LOGGER = LoggerFactory.getLogger(NAME);
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:@/-]+");

    @Override
    public void record(AuditEvent event) {
        LoggingEventBuilder line = LOGGER.atInfo();
        for (Map.Entry<String, Object> field : EcsFields.of(event).entrySet()) {
            line = line.addKeyValue(field.getKey(), field.getValue());
        }
        line.log(sentence(event));
    }

    /** The event as a person reads it. */
    static String sentence(AuditEvent event) {
        return event.facts().stream()
                .map(fact -> " " + fact.name() + "=" + quoted(fact.value()))
                .collect(Collectors.joining("", event.name(), ""));
    }

    /** A name that looks like another fact stays one value. */
    private static String quoted(String value) {
        return PLAIN.matcher(value).matches()
                ? value
                : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
