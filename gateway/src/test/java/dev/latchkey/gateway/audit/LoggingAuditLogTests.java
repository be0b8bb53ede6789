package dev.latchkey.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
                .isEqualTo("sign-in-refused reason=attempts address=203.0.113.9 count=1");
    }

    @Test
    void recordWhenANameLooksLikeMoreFactsThenItStaysOneValue() {
        assertThat(lineOf(AuditEvent.sessionRevoked(new Subject("ada\" reason=\"none \\"), SESSION, "signed-out")))
                .isEqualTo("session-revoked subject=\"ada\\\" reason=\\\"none \\\\\" session=" + SESSION.value()
                        + " reason=signed-out");
    }

    /** In an index in which {@code event} is an object, a text of that name would be refused. */
    @Test
    void recordWhenStructuredAsEcsThenItsFieldsAreThoseOfTheSchema() {
        lineOf(AuditEvent.signInRefused("attempts", "203.0.113.9"));
        JsonNode json = ecs(lines.list.get(0));
        assertThat(json.path("event").path("action").asString()).isEqualTo("sign-in-refused");
        assertThat(json.path("event").path("category").toString()).isEqualTo("[\"authentication\"]");
        assertThat(json.path("event").path("type").toString()).isEqualTo("[\"start\"]");
        assertThat(json.path("event").path("outcome").asString()).isEqualTo("failure");
        assertThat(json.path("event").path("reason").asString()).isEqualTo("attempts");
        assertThat(json.path("source").path("ip").asString()).isEqualTo("203.0.113.9");
        assertThat(json.path("log").path("logger").asString()).isEqualTo("latchkey.audit");
    }

    /** What ECS 8.11 expects of each category ("event.category", allowed values); a rule of an index may hold to it. */
    @ParameterizedTest
    @EnumSource
    void typeWhenOfACategoryThenOneThatTheSchemaExpects(AuditEventType type) {
        Map<String, Set<String>> expected = Map.of(
                "authentication", Set.of("start", "end", "info"),
                "session", Set.of("start", "end", "info"),
                "iam", Set.of("admin", "change", "creation", "deletion", "group", "info", "user"),
                "configuration", Set.of("access", "change", "creation", "deletion", "info"),
                "api",
                        Set.of(
                                "access",
                                "admin",
                                "allowed",
                                "change",
                                "creation",
                                "deletion",
                                "denied",
                                "end",
                                "info",
                                "start",
                                "user"));
        assertThat(expected.get(type.category())).contains(type.ecsType());
    }

    @Test
    void recordWhenTheAddressIsNoneThenNotInTheFieldOfAddresses() {
        lineOf(AuditEvent.signInRefused("attempts", "unknown"));
        JsonNode source = ecs(lines.list.get(0)).path("source");
        assertThat(source.has("ip")).isFalse();
        assertThat(source.path("address").asString()).isEqualTo("unknown");
    }

    @Test
    void recordWhenCountedThenTheCountIsANumber() {
        lineOf(AuditEvent.rolesRefused(ADA, "orders").times(12));
        JsonNode json = ecs(lines.list.get(0));
        assertThat(json.path("event").path("action").asString()).isEqualTo("request-refused");
        assertThat(json.path("event").path("outcome").asString()).isEqualTo("failure");
        assertThat(json.path("event").path("reason").asString()).isEqualTo("roles");
        assertThat(json.path("user").path("name").asString()).isEqualTo("ada");
        assertThat(json.path("latchkey").path("route").asString()).isEqualTo("orders");
        assertThat(json.path("latchkey").path("count").isNumber()).isTrue();
        assertThat(json.path("latchkey").path("count").asInt()).isEqualTo(12);
    }

    @Test
    void recordWhenAnOperatorActedThenTheyAreTheUserAndTheOtherIsTheTarget() {
        lineOf(AuditEvent.adminAction("olga", "end-session", "unavailable", Optional.of(ADA), Optional.of(SESSION)));
        JsonNode json = ecs(lines.list.get(0));
        assertThat(json.path("user").path("name").asString()).isEqualTo("olga");
        assertThat(json.path("user").path("target").path("name").asString()).isEqualTo("ada");
        assertThat(json.path("event").path("outcome").asString()).isEqualTo("failure");
        assertThat(json.path("event").path("reason").asString()).isEqualTo("unavailable");
        assertThat(json.path("latchkey").path("session").path("id").asString()).isEqualTo(SESSION.value());
    }

    /** As the gateway writes it with {@code logging.structured.format.console: ecs}. */
    private static JsonNode ecs(ILoggingEvent line) {
        LoggerContext context = LOGGER.getLoggerContext();
        context.putObject(Environment.class.getName(), new MockEnvironment());
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat("ecs");
        encoder.start();
        return JsonMapper.shared().readTree(encoder.encode(line));
    }

    private String lineOf(AuditEvent event) {
        new LoggingAuditLog().record(event);
        return lines.list.get(lines.list.size() - 1).getFormattedMessage();
    }
}
