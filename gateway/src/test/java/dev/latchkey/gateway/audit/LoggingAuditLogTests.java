package dev.latchkey.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.security.SecureRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What operations find in their logs after the fact, with the plain layout and with structured logging. */
final class LoggingAuditLogTests {

    private static final PublicSessionId SESSION =
            SessionId.random(new SecureRandom()).publicId();
    private static final Subject ADA = new Subject("ada");

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("latchkey.audit");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        LOGGER.addAppender(lines);
    }

    @AfterEach
    void leave() {
        LOGGER.detachAppender(lines);
    }

    @Test
    void recordWhenReusedThenTheLineSaysWhoseSession() {
        assertThat(lineOf(AuditEvent.sessionReused(ADA, SESSION, new Generation(7))))
                .isEqualTo("session-reused subject=ada session=" + SESSION.value() + " generation=7");
    }

    @Test
    void recordWhenSignedInOrRefusedThenTheLineSaysFromWhere() {
        assertThat(lineOf(AuditEvent.signedIn(ADA, SESSION, "2001:db8::1")))
                .isEqualTo("signed-in subject=ada session=" + SESSION.value() + " address=2001:db8::1");
        assertThat(lineOf(AuditEvent.signInRefused("attempts", "203.0.113.9")))
                .isEqualTo("sign-in-refused reason=attempts address=203.0.113.9");
    }

    @Test
    void recordWhenANameLooksLikeMoreFactsThenItStaysOneValue() {
        assertThat(lineOf(AuditEvent.sessionRevoked(new Subject("ada\" reason=\"none \\"), SESSION, "signed-out")))
                .isEqualTo("session-revoked subject=\"ada\\\" reason=\\\"none \\\\\" session=" + SESSION.value()
                        + " reason=signed-out");
    }

    @Test
    void recordWhenStructuredThenEachFactIsAPair() {
        lineOf(AuditEvent.sessionReused(ADA, SESSION, new Generation(7)));
        assertThat(lines.list.get(0).getKeyValuePairs().stream()
                        .map(pair -> pair.key + "=" + pair.value)
                        .collect(Collectors.toList()))
                .containsExactly("event=session-reused", "subject=ada", "session=" + SESSION.value(), "generation=7");
    }

    private String lineOf(AuditEvent event) {
        new LoggingAuditLog().record(event);
        return lines.list.get(lines.list.size() - 1).getFormattedMessage();
    }
}
