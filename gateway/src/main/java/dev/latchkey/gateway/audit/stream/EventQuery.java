package dev.latchkey.gateway.audit.stream;

import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which events are looked for: those that have all that is given here. */
public record EventQuery(Optional<Subject> subject, Optional<PublicSessionId> session) {

    /** The events about a user. */
    public static EventQuery of(Subject subject) {
        return new EventQuery(Optional.of(subject), Optional.empty());
    }

    /** The events about a session. */
    public static EventQuery of(PublicSessionId session) {
        return new EventQuery(Optional.empty(), Optional.of(session));
    }

    /** Names of facts and their values, in turn. */
    List<String> facts() {
        List<String> facts = new ArrayList<>();
        subject.ifPresent(user -> facts.addAll(List.of(StreamEntry.SUBJECT, user.value())));
        session.ifPresent(id -> facts.addAll(List.of("session", id.value())));
        return facts;
    }
}
