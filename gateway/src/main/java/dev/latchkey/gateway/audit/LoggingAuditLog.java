package dev.latchkey.gateway.audit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.stereotype.Component;

/** Writes events as key-value pairs to the logger {@code latchkey.audit}, which operations route where they need it. */
@Component
final class LoggingAuditLog implements AuditLog {

    private static final Logger LOGGER = LoggerFactory.getLogger("latchkey.audit");

    @Override
    public void record(AuditEvent event) {
        LoggingEventBuilder line = LOGGER.atInfo().addKeyValue("event", event.name());
        if (event instanceof AuditEvent.SignedIn it) {
            line = session(line, it.subject().value(), it.session().value()).addKeyValue("address", it.address());
        } else if (event instanceof AuditEvent.SignInRefused it) {
            line = line.addKeyValue("reason", it.reason()).addKeyValue("address", it.address());
        } else if (event instanceof AuditEvent.SessionRevoked it) {
            line = session(line, it.subject().value(), it.session().value()).addKeyValue("reason", it.reason());
        } else if (event instanceof AuditEvent.UserRevoked it) {
            line = line.addKeyValue("subject", it.subject().value()).addKeyValue("reason", it.reason());
        } else if (event instanceof AuditEvent.StaleRefresh it) {
            line = generation(
                    session(line, it.subject().value(), it.session().value()),
                    it.presented().number());
        } else if (event instanceof AuditEvent.SessionReused it) {
            line = generation(
                    session(line, it.subject().value(), it.session().value()),
                    it.presented().number());
        } else if (event instanceof AuditEvent.SessionRecovered it) {
            line = generation(
                    session(line, it.subject().value(), it.session().value()),
                    it.presented().number());
        }
        line.log("");
    }

    private static LoggingEventBuilder session(LoggingEventBuilder line, String subject, String session) {
        return line.addKeyValue("subject", subject).addKeyValue("session", session);
    }

    private static LoggingEventBuilder generation(LoggingEventBuilder line, int generation) {
        return line.addKeyValue("generation", generation);
    }
}
