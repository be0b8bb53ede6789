package dev.latchkey.gateway.history;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.testing.AuditFacts;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An audit event that takes a client for a thief, or nearly so.
 *
 * @param session its public id
 * @param generation that was presented
 */
record Alarm(String event, String session, int generation) {

    private static final Set<String> ALARMS = Set.of("refresh-stale", "session-reused");
    private static final Pattern LOGGED =
            Pattern.compile("(refresh-stale|session-reused) .*session=(\\S+) generation=([0-9]+)");

    static Stream<Alarm> of(AuditEvent event) {
        return Stream.of(event)
                .filter(known -> ALARMS.contains(known.name()))
                .map(known -> new Alarm(
                        known.name(),
                        AuditFacts.of(known, "session"),
                        Integer.parseInt(AuditFacts.of(known, "generation"))));
    }

    /** From a line of a node's log. */
    static Stream<Alarm> of(String line) {
        return LOGGED.matcher(line)
                .results()
                .map(match -> new Alarm(match.group(1), match.group(2), Integer.parseInt(match.group(3))));
    }

    boolean isReuse() {
        return event.equals("session-reused");
    }

    boolean concerns(Exchange exchange) {
        return exchange.presented()
                .refresh()
                .filter(token -> token.session().equals(session) && token.generation() == generation)
                .isPresent();
    }

    @Override
    public String toString() {
        return event + " " + TokenFacts.shortened(session) + ":" + generation;
    }
}
