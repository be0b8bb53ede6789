package dev.latchkey.gateway.signin.password;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.signin.RequestingClient;
import dev.latchkey.gateway.signin.SessionStarter;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Attempt;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Counted;
import dev.latchkey.gateway.signin.password.NewPasswords.Choice;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.PasswordChange;
import dev.latchkey.gateway.user.PasswordChange.Changed;
import dev.latchkey.gateway.user.PasswordChange.Failed;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Changes a password after the old one, which is counted as an attempt to sign in is: who holds a session of another
 * must not guess faster than anybody else. All sessions end, and the client that asked goes on in a new one, so that
 * copies of its tokens are worth nothing any more.
 */
@Component
final class PasswordChanger {

    private final AttemptLimiter attempts;
    private final UserDirectory users;
    private final SessionStarter starter;
    private final RequestingClient clients;
    private final AuditLog audit;
    private final RepeatedEvents repeated;

    PasswordChanger(
            AttemptLimiter attempts,
            UserDirectory users,
            SessionStarter starter,
            RequestingClient clients,
            AuditLog audit,
            RepeatedEvents repeated) {
        this.attempts = attempts;
        this.users = users;
        this.starter = starter;
        this.clients = clients;
        this.audit = audit;
        this.repeated = repeated;
    }

    /** The tokens of the new session, or why nothing was changed; {@code password-stored} alone says that it was. */
    Mono<Result<TokenPair>> change(ServerRequest request, AccessClaims caller, Choice choice) {
        ClientFacts client = clients.of(request.exchange().getRequest(), caller.boundTo());
        Attempt attempt = new Attempt(caller.subject().value(), client.address(), Optional.of(caller.session()));
        Change change = new Change(caller, choice, client, attempt);
        return attempts.attempt(attempt)
                .flatMap(outcome -> outcome.fold(
                        counted -> counted.counter().isPresent()
                                ? confirm(change, counted)
                                : tooMany(change, counted.nameLimited().orElse(Duration.ZERO)),
                        wait -> tooMany(change, wait),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    private Mono<Result<TokenPair>> confirm(Change change, Counted counted) {
        return users.authenticate(change.attempt().name(), change.choice().old())
                .flatMap(lookup -> lookup.fold(
                        user -> confirmed(change, counted, user),
                        () -> refused(change, "credentials", Problem.WRONG_PASSWORD),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    private Mono<Result<TokenPair>> confirmed(Change change, Counted counted, User user) {
        return attempts.succeeded(change.attempt(), counted)
                .flatMap(outcome -> outcome.fold(
                        free -> replaced(change, user),
                        wait -> tooMany(change, wait),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    /**
     * What has begun goes on when the client leaves, and is told: what is cached is not cancelled with its subscriber.
     */
    private Mono<Result<TokenPair>> replaced(Change change, User user) {
        return users.changePassword(user, change.choice().next())
                .flatMap(done -> done(change, done))
                .cache();
    }

    private Mono<Result<TokenPair>> done(Change change, PasswordChange outcome) {
        if (outcome instanceof Changed changed) {
            return starter.begin(changed.user(), change.client())
                    .map(begun -> begun.fold(pair -> goesOn(change, pair), problem -> storedOnly(change)));
        }
        return switch ((Failed) outcome) {
            case OUTDATED -> refused(change, "outdated", Problem.PASSWORD_OUTDATED);
            case STORED_ONLY -> Mono.just(storedOnly(change));
            case UNAVAILABLE -> refused(Problem.UNAVAILABLE);
        };
    }

    private Result<TokenPair> goesOn(Change change, TokenPair pair) {
        return changed(change, pair.claims().session(), new Success<>(pair));
    }

    /** There is no new session, so the event has the one in which the user asked. */
    private Result<TokenPair> storedOnly(Change change) {
        return changed(change, change.caller().session(), new Failure<>(Problem.PASSWORD_STORED));
    }

    private Result<TokenPair> changed(Change change, SessionId session, Result<TokenPair> result) {
        audit.record(AuditEvent.passwordChanged(
                change.caller().subject(), session.publicId(), change.client().address()));
        return result;
    }

    private Mono<Result<TokenPair>> tooMany(Change change, Duration wait) {
        return refused(change, "attempts", Problem.tooManyAttempts(wait));
    }

    private Mono<Result<TokenPair>> refused(Change change, String reason, Problem problem) {
        AccessClaims caller = change.caller();
        String address = change.client().address();
        repeated.record(
                AuditEvent.passwordChangeRefused(
                        caller.subject(), caller.session().publicId(), reason, address),
                IpAddresses.network(address));
        return refused(problem);
    }

    private static Mono<Result<TokenPair>> refused(Problem problem) {
        return Mono.just(new Failure<>(problem));
    }

    private record Change(AccessClaims caller, Choice choice, ClientFacts client, Attempt attempt) {}
}
