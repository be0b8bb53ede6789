package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.audit.stream.AuditStream;
import dev.latchkey.gateway.audit.stream.EventPage;
import dev.latchkey.gateway.audit.stream.EventQuery;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operators read audit events, if a stream of Redis keeps them. */
@Component
public final class AdminEvents {

    /** How many events a page has at most. */
    public static final int LARGEST_PAGE = 500;

    private final Optional<AuditStream> stream;
    private final AdminRecord log;

    AdminEvents(ObjectProvider<AuditStream> stream, AdminRecord log) {
        this.stream = Optional.ofNullable(stream.getIfAvailable());
        this.log = log;
    }

    /** Whether there are any to read. */
    public boolean areKept() {
        return stream.isPresent();
    }

    /**
     * A page of events, the newest first. Never fails: a 409 says that none are kept, and a 503 that Redis is away.
     *
     * @param before where the page before ended; empty for the newest
     * @param limit 1 to {@value #LARGEST_PAGE}
     */
    public Mono<Result<EventPage>> page(Actor actor, EventQuery query, Optional<String> before, int limit) {
        int most = Math.min(LARGEST_PAGE, Math.max(1, limit));
        Mono<Result<EventPage>> page = stream.map(kept -> AdminRecord.done(kept.page(query, before, most)))
                .orElseGet(() -> Mono.just(AdminRecord.refused(Problem.EVENTS_NOT_KEPT)));
        return log.of(actor, AdminAction.LIST_EVENTS, query.subject(), query.session(), page);
    }

    /** Removes the events that name a user; empty if none are kept. Fails on any trouble with Redis. */
    Mono<Optional<Long>> forget(Subject subject) {
        return stream.map(kept -> kept.forget(subject).map(Optional::of)).orElseGet(() -> Mono.just(Optional.empty()));
    }
}
