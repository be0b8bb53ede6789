package dev.latchkey.gateway.audit.stream;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditEvent.Fact;
import dev.latchkey.gateway.audit.AuditQueue.Stamped;
import dev.latchkey.gateway.audit.stream.EventPage.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** An event as the names and values of an entry: when it was, what it was, then its facts. */
final class StreamEntry {

    static final String SUBJECT = "subject";

    private static final String AT = "at";
    private static final String EVENT = "event";
    private static final Pattern MILLIS = Pattern.compile("\\d{1,15}");

    /** Where the facts begin behind the id. */
    private static final int FACTS = 5;

    private StreamEntry() {}

    static List<String> texts(Stamped stamped) {
        AuditEvent event = stamped.event();
        List<String> texts = new ArrayList<>();
        texts.addAll(List.of(AT, Long.toString(stamped.at().toEpochMilli()), EVENT, event.name()));
        event.facts().forEach(fact -> texts.addAll(List.of(fact.name(), fact.value())));
        return texts;
    }

    /** Reads the id, and what {@link #texts} wrote; empty if something else has written it. */
    static Optional<StoredEvent> read(List<?> parts) {
        List<String> texts = parts.stream().map(String::valueOf).toList();
        boolean isOurs = texts.size() >= FACTS
                && texts.size() % 2 == 1
                && texts.get(1).equals(AT)
                && MILLIS.matcher(texts.get(2)).matches()
                && texts.get(3).equals(EVENT);
        if (!isOurs) {
            return Optional.empty();
        }
        List<Fact> facts = new ArrayList<>();
        for (int i = FACTS; i < texts.size(); i += 2) {
            facts.add(new Fact(texts.get(i), texts.get(i + 1)));
        }
        return Optional.of(new StoredEvent(
                texts.get(0),
                Instant.ofEpochMilli(Long.parseLong(texts.get(2))),
                texts.get(FACTS - 1),
                List.copyOf(facts)));
    }
}
