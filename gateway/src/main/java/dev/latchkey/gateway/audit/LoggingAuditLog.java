package dev.latchkey.gateway.audit;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.stereotype.Component;

/**
 * Writes events to the logger {@code latchkey.audit}, which operators route where they need it: a line that a person
 * can read, and the same as key-value pairs for structured logging.
 */
@Component
final class LoggingAuditLog implements AuditLog {

    private static final Logger LOGGER = LoggerFactory.getLogger("latchkey.audit");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:@/-]+");

    @Override
    public void record(AuditEvent event) {
        AuditEvent.Entry entry = event.entry();
        LoggingEventBuilder line = LOGGER.atInfo().addKeyValue("event", entry.name());
        for (AuditEvent.Fact fact : entry.facts()) {
            line = line.addKeyValue(fact.name(), fact.value());
        }
        line.log(sentence(entry));
    }

    private static String sentence(AuditEvent.Entry entry) {
        return entry.facts().stream()
                .map(fact -> " " + fact.name() + "=" + quoted(fact.value()))
                .collect(Collectors.joining("", entry.name(), ""));
    }

    /** A name that looks like another fact stays one value. */
    private static String quoted(String value) {
        return PLAIN.matcher(value).matches()
                ? value
                : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
