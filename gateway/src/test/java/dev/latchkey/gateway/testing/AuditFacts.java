package dev.latchkey.gateway.testing;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditEvent.Fact;

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
}
