package dev.latchkey.gateway.audit.stream;

import dev.latchkey.gateway.audit.AuditEvent.Fact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Events of the stream, the newest first.
 *
 * @param next where the next page begins; empty if there is nothing more. A page may be empty and have a next one
 */
public record EventPage(List<StoredEvent> events, Optional<String> next) {

    /**
     * An event as it was kept.
     *
     * @param id its place in the stream
     * @param at when it happened, by the clock of its node
     * @param name which event it is, perhaps one that only nodes of another version know
     */
    public record StoredEvent(String id, Instant at, String name, List<Fact> facts) {}
}
