package dev.latchkey.gateway.testing;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditEvent.Fact;
import java.util.List;
import java.util.stream.Stream;

/** Reads what audit events say. */
public final class AuditFacts {

    private AuditFacts() {}

    /** What an event says under this name, which it must have. */
    public static String of(AuditEvent event, String name) {
        return event.facts().stream()
                .filter(fact -> fact.name().equals(name))
                .map(Fact::value)
                .findFirst()
                .orElseThrow();
    }

    /** What the events of a name say under this one. */
    public static List<String> all(List<AuditEvent> events, String event, String name) {
        return events.stream()
                .filter(each -> each.name().equals(event))
                .map(each -> of(each, name))
                .toList();
    }

    /** How often each of these events happened, by the counts of their lines. */
    public static List<Long> counts(Stream<AuditEvent> events) {
        return events.map(event -> Long.valueOf(of(event, "count"))).toList();
    }
}
