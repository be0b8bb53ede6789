package dev.latchkey.gateway.history;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditEvent.SessionReused;
import dev.latchkey.gateway.audit.AuditEvent.StaleRefresh;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An audit event that takes somebody for a thief, or nearly so.
 *
 * @param session its public id
 * @param generation that was presented
 */
record Alarm(String event, String session, int generation) {

    private static final Pattern TOLD =
            Pattern.compile("(refresh-stale|session-reused) .*session=(\\S+) generation=([0-9]+)");

    static Stream<Alarm> of(AuditEvent event) {
        if (event instanceof StaleRefresh it) {
            return Stream.of(
                    new Alarm(it.name(), it.session().value(), it.presented().number()));
        }
        if (event instanceof SessionReused it) {
            return Stream.of(
                    new Alarm(it.name(), it.session().value(), it.presented().number()));
        }
        return Stream.empty();
    }

    /** From a line of a node's log. */
    static Stream<Alarm> of(String line) {
        return TOLD.matcher(line)
                .results()
                .map(it -> new Alarm(it.group(1), it.group(2), Integer.parseInt(it.group(3))));
    }

    boolean isReuse() {
        return event.equals("session-reused");
    }

    boolean concerns(Exchange exchange) {
        return exchange.presented()
                .refresh()
                .filter(it -> it.session().equals(session) && it.generation() == generation)
                .isPresent();
    }

    @Override
    public String toString() {
        return event + " " + TokenFacts.shortened(session) + ":" + generation;
    }
}
