package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.session.PublicSessionIds;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.UserSessionIndex;
import dev.latchkey.gateway.session.records.SessionLookup;
import dev.latchkey.gateway.session.records.SessionState;
import dev.latchkey.gateway.session.records.SessionState.State;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.upstream.Upstreams;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Operators see sessions and end them, on every node and at once, as far as {@link SessionRevoker} does. No call fails:
 * an unknown session is a 404, and a Redis that is away a 503. Each is one line of the audit log.
 */
@Component
public final class AdminSessions {

    private static final RevocationReason REASON = RevocationReason.ENDED_BY_OPERATOR;
    private static final int AT_ONCE = 16;

    private final SessionLookup lookup;
    private final PublicSessionIds ids;
    private final UserSessionIndex index;
    private final SessionRevoker revoker;
    private final Upstreams upstreams;
    private final AdminRecord log;

    AdminSessions(
            SessionLookup lookup,
            PublicSessionIds ids,
            UserSessionIndex index,
            SessionRevoker revoker,
            Upstreams upstreams,
            AdminRecord log) {
        this.lookup = lookup;
        this.ids = ids;
        this.index = index;
        this.revoker = revoker;
        this.upstreams = upstreams;
        this.log = log;
    }

    /** All live sessions of a user, and up to twenty that have ended, with the reason while there is a tombstone. */
    public Mono<Result<List<SessionState>>> ofUser(Actor actor, Subject subject) {
        return log.of(actor, AdminAction.LIST_SESSIONS, subject, AdminRecord.done(lookup.ofUser(subject)));
    }

    /** One session, also one that has ended, until it would have ended by itself. */
    public Mono<Result<SessionState>> one(Actor actor, PublicSessionId id) {
        return log.of(
                actor,
                AdminAction.SHOW_SESSION,
                id,
                SessionState::subject,
                AdminRecord.done(lookup.find(id)).defaultIfEmpty(AdminRecord.refused(Problem.NOT_FOUND)));
    }

    /** Ends one session, and answers what is left of it. One that has ended already keeps its reason. */
    public Mono<Result<SessionState>> end(Actor actor, PublicSessionId id) {
        return log.of(
                actor,
                AdminAction.END_SESSION,
                id,
                SessionState::subject,
                ids.find(id).flatMap(this::end).defaultIfEmpty(AdminRecord.refused(Problem.NOT_FOUND)));
    }

    private Mono<Result<SessionState>> end(SessionId session) {
        return lookup.look(session, Optional.empty())
                .flatMap(before -> isOver(before) ? Mono.just(new Success<>(before)) : revoke(session, before));
    }

    private static boolean isOver(SessionState session) {
        return session.state() == State.ENDED || session.state() == State.EXPIRED;
    }

    private Mono<Result<SessionState>> revoke(SessionId session, SessionState before) {
        return revoker.revoke(before.subject(), session, REASON)
                .flatMap(outcome -> outcome == RevokeOutcome.REVOKED
                        ? AdminRecord.done(lookup.look(session, before.subject()))
                        : Mono.just(AdminRecord.refused(Problem.UNAVAILABLE)));
    }

    /** Ends all sessions of a user, also those that are not listed, and answers which of those that are were live. */
    public Mono<Result<List<PublicSessionId>>> endAll(Actor actor, Subject subject) {
        return log.of(actor, AdminAction.END_SESSIONS_OF_USER, subject, endAll(subject, REASON));
    }

    /** Ends all sessions of a user, without a line that names an operator. */
    Mono<Result<List<PublicSessionId>>> endAll(Subject subject, RevocationReason reason) {
        return live(index.everyone(subject))
                .flatMap(live ->
                        revoker.revokeAll(subject, reason).map(outcome -> ended(subject, reason, outcome, live)));
    }

    /**
     * Ends all sessions of a user at an OpenID Provider, also those of a user of the directory who is joined to them.
     *
     * @param sub as the provider's tokens say it; one that is too long or has control characters has no sessions
     */
    public Mono<Result<List<PublicSessionId>>> endAllOf(Actor actor, ProviderName provider, String sub) {
        Subject subject = Subject.of(provider, sub);
        return log.of(
                actor, AdminAction.END_SESSIONS_OF_PROVIDER_USER, subject, endAllOf(provider, sub, subject, REASON));
    }

    Mono<Result<List<PublicSessionId>>> endAllOf(
            ProviderName provider, String sub, Subject subject, RevocationReason reason) {
        return live(Flux.merge(upstreams.sessionsOf(provider, sub), index.everyone(subject))
                        .distinct())
                .flatMap(live -> upstreams
                        .endUser(provider, sub, reason)
                        .flatMap(first -> first == RevokeOutcome.UNAVAILABLE
                                ? Mono.just(first)
                                : revoker.revokeAll(subject, reason))
                        .map(outcome -> ended(subject, reason, outcome, live)));
    }

    private Mono<List<PublicSessionId>> live(Flux<SessionId> sessions) {
        return sessions.flatMap(session -> lookup.look(session, Optional.empty()), AT_ONCE)
                .filter(session -> !isOver(session))
                .map(SessionState::id)
                .collectList();
    }

    private Result<List<PublicSessionId>> ended(
            Subject subject, RevocationReason reason, RevokeOutcome outcome, List<PublicSessionId> live) {
        if (outcome == RevokeOutcome.UNAVAILABLE) {
            return AdminRecord.refused(Problem.UNAVAILABLE);
        }
        log.ended(subject, reason.word());
        return new Success<>(live);
    }
}
