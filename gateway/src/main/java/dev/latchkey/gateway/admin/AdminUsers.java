package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.records.UserTraces;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operators have a user erased: what Redis keeps of them goes, but what keeps their tokens out for the time being. */
@Component
public final class AdminUsers {

    private final AdminSessions sessions;
    private final UserTraces traces;
    private final UserRecords records;
    private final AdminEvents events;
    private final Denylist denylist;
    private final InstantSource clock;
    private final AdminRecord log;

    AdminUsers(
            AdminSessions sessions,
            UserTraces traces,
            UserRecords records,
            AdminEvents events,
            Denylist denylist,
            InstantSource clock,
            AdminRecord log) {
        this.sessions = sessions;
        this.traces = traces;
        this.records = records;
        this.events = events;
        this.denylist = denylist;
        this.clock = clock;
        this.log = log;
    }

    /**
     * What came of it.
     *
     * @param ended the sessions that were live
     * @param tombstones from how many ended sessions the name was taken
     * @param events how many audit events that named the user were removed; empty if Redis keeps none
     * @param nameUntil until when the denylist keeps the name, so that no session that is not listed goes on
     */
    public record Erasure(List<PublicSessionId> ended, long tombstones, Optional<Long> events, Instant nameUntil) {}

    /**
     * Ends all sessions, then takes the name out of tombstones, the index of sessions, what the nodes agree on about
     * users, and the stream of audit events, in which this erasure alone names the user afterwards. If a users
     * directory still lists the user, that comes back. To do it again does what is left. Never fails: a Redis that is
     * away is a 503.
     */
    public Mono<Result<Erasure>> erase(Actor actor, Subject subject) {
        return log.of(actor, AdminAction.ERASE_USER, subject, erase(subject));
    }

    private Mono<Result<Erasure>> erase(Subject subject) {
        RevocationReason reason = RevocationReason.USER_ERASED;
        return subject.provider()
                .map(provider -> {
                    String sub = subject.value().substring(provider.value().length() + 1);
                    return sessions.endAllOf(provider, sub, subject, reason);
                })
                .orElseGet(() -> sessions.endAll(subject, reason))
                .flatMap(outcome -> outcome.fold(
                        ended -> AdminRecord.done(forget(subject, ended)),
                        problem -> Mono.just(new Failure<>(problem))));
    }

    private Mono<Erasure> forget(Subject subject, List<PublicSessionId> ended) {
        return traces.erase(subject)
                .flatMap(tombstones -> records.forget(subject)
                        .then(events.forget(subject))
                        .map(removed -> new Erasure(
                                ended, tombstones, removed, clock.instant().plus(denylist.userLife()))));
    }
}
