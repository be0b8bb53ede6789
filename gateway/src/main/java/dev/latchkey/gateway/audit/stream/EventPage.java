package dev.latchkey.gateway.audit.stream;

import dev.latchkey.gateway.audit.AuditEvent.Fact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Events of the stream, the newest first.
 *
 * @param next where the next page begins; empty if there is nothing more. A page may be empty and have a next one
 */
public record EventPage(List<StoredEvent> events, Optional<String> next) {

    private static final Pattern ID = Pattern.compile("\\d{1,15}-\\d{1,15}");

    /** Whether a text can be a place in the stream, where a page may begin. */
    public static boolean isPlace(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * An event as it was kept.
     *
     * @param id its place in the stream
     * @param at when it happened, by the clock of its node
     * @param name which event it is, perhaps one that only nodes of another version know
     */
    public record StoredEvent(String id, Instant at, String name, List<Fact> facts) {}
}
