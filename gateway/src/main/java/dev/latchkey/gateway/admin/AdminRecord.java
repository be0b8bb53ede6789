package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.session.Faults;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Writes one line of the audit log for each call of an operator, and makes a 503 of trouble with Redis. A change that
 * has begun goes on to its end, also when the operator no longer waits for it: each of its steps has a time limit.
 */
@Component
public final class AdminRecord {

    private static final String SUCCESS = "success";

    private final AuditLog audit;

    AdminRecord(AuditLog audit) {
        this.audit = audit;
    }

    /** A call about a user. */
    <T> Mono<Result<T>> of(Actor actor, AdminAction action, Subject subject, Mono<Result<T>> call) {
        return of(
                actor,
                action,
                Optional.of(subject),
                Optional.empty(),
                result -> Optional.empty(),
                result -> Optional.empty(),
                call);
    }

    /**
     * A call about a session.
     *
     * @param owner whose it is, once that is known
     */
    <T> Mono<Result<T>> of(
            Actor actor,
            AdminAction action,
            PublicSessionId session,
            Function<T, Optional<Subject>> owner,
            Mono<Result<T>> call) {
        return of(actor, action, Optional.empty(), Optional.of(session), owner, result -> Optional.empty(), call);
    }

    /** A call about a user, a session, both or neither. */
    <T> Mono<Result<T>> of(
            Actor actor,
            AdminAction action,
            Optional<Subject> subject,
            Optional<PublicSessionId> session,
            Mono<Result<T>> call) {
        return of(actor, action, subject, session, result -> Optional.empty(), result -> Optional.empty(), call);
    }

    /** A call about whatever its answer names. */
    <T> Mono<Result<T>> of(
            Actor actor,
            AdminAction action,
            Function<T, Optional<Subject>> subject,
            Function<T, Optional<PublicSessionId>> session,
            Mono<Result<T>> call) {
        return of(actor, action, Optional.empty(), Optional.empty(), subject, session, call);
    }

    private <T> Mono<Result<T>> of(
            Actor actor,
            AdminAction action,
            Optional<Subject> subject,
            Optional<PublicSessionId> session,
            Function<T, Optional<Subject>> owner,
            Function<T, Optional<PublicSessionId>> found,
            Mono<Result<T>> call) {
        AtomicBoolean isTold = new AtomicBoolean();
        Mono<Result<T>> recorded = call.onErrorResume(Faults.become(new Failure<>(Problem.UNAVAILABLE)))
                .doOnNext(result -> once(
                        isTold,
                        () -> write(
                                actor,
                                action,
                                outcome(result),
                                subject.or(() -> result.fold(owner, problem -> Optional.empty())),
                                session.or(() -> result.fold(found, problem -> Optional.empty())))));
        // What is cached is not cancelled with its subscriber. A read is, also while its answer is written.
        return action.isChange()
                ? recorded.cache()
                : recorded.doOnCancel(() -> once(isTold, () -> write(actor, action, "cancelled", subject, session)));
    }

    private static void once(AtomicBoolean isTold, Runnable line) {
        if (isTold.compareAndSet(false, true)) {
            line.run();
        }
    }

    private static String outcome(Result<?> result) {
        return result.fold(done -> SUCCESS, Problem::name);
    }

    private void write(
            Actor actor,
            AdminAction action,
            String outcome,
            Optional<Subject> subject,
            Optional<PublicSessionId> session) {
        audit.record(AuditEvent.adminAction(actor.name(), action.word(), outcome, subject, session));
    }

    /** What an operator has done that needed no call. */
    public void succeed(Actor actor, AdminAction action) {
        write(actor, action, SUCCESS, Optional.empty(), Optional.empty());
    }

    /**
     * A request of an operator that is not understood or not allowed.
     *
     * @param action what was asked for, as far as that is known
     */
    public void refuse(Actor actor, AdminAction action, Problem problem) {
        write(actor, action, problem.name(), Optional.empty(), Optional.empty());
    }

    /** All sessions of a user ended, as the log says it of every such end. */
    void ended(Subject subject, String reason) {
        audit.record(AuditEvent.userRevoked(subject, reason));
    }

    static <T> Mono<Result<T>> done(Mono<T> value) {
        return value.map(Success::new);
    }

    static <T> Result<T> refused(Problem problem) {
        return new Failure<>(problem);
    }
}
