package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.audit.AuditEvent.SignInRefused;
import dev.latchkey.gateway.audit.AuditEvent.SignedIn;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.signin.SessionStarter.StartOutcome.Refused;
import dev.latchkey.gateway.signin.SessionStarter.StartOutcome.Started;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Attempt;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Counted;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Starts a session after the right password. The attempt is counted first, so that parallel guesses count too. */
@Component
final class SessionStarter {

    private final AttemptLimiter attempts;
    private final UserDirectory users;
    private final RedisSessionStore sessions;
    private final SessionRevoker revoker;
    private final TokenMint mint;
    private final AuditLog audit;
    private final SignInMeters meters;

    SessionStarter(
            AttemptLimiter attempts,
            UserDirectory users,
            RedisSessionStore sessions,
            SessionRevoker revoker,
            TokenMint mint,
            AuditLog audit,
            SignInMeters meters) {
        this.attempts = attempts;
        this.users = users;
        this.sessions = sessions;
        this.revoker = revoker;
        this.mint = mint;
        this.audit = audit;
        this.meters = meters;
    }

    Mono<StartOutcome> start(Attempt attempt, Password password, ClientFacts client) {
        return attempts.attempt(attempt)
                .flatMap(outcome -> outcome.fold(
                        counted -> check(attempt, password, client, counted),
                        wait -> tooMany(client, wait),
                        () -> refused(Problem.UNAVAILABLE)))
                .doOnNext(meters::count);
    }

    /** Even if no password would count, so that the time of the answer does not reveal that. */
    private Mono<StartOutcome> check(Attempt attempt, Password password, ClientFacts client, Counted counted) {
        return users.authenticate(attempt.name(), password)
                .flatMap(lookup -> lookup.fold(
                        user -> counted.counter().isPresent()
                                ? right(user, client, attempt, counted)
                                : wrong(client, counted),
                        () -> wrong(client, counted),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    private Mono<StartOutcome> right(User user, ClientFacts client, Attempt attempt, Counted counted) {
        return attempts.succeeded(attempt, counted)
                .flatMap(outcome -> outcome.fold(
                        free -> begin(user, client),
                        wait -> tooMany(client, wait),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    private Mono<StartOutcome> begin(User user, ClientFacts client) {
        NewSession session = new NewSession(user.subject(), user.credentialStamp(), client);
        return sessions.create(session)
                .flatMap(outcome ->
                        outcome.fold(view -> stillThere(view, user, client), () -> refused(Problem.UNAVAILABLE)));
    }

    /** If the user was disabled meanwhile, the session began after that, and the change does not end it. */
    private Mono<StartOutcome> stillThere(SessionView view, User user, ClientFacts client) {
        return users.find(user.subject())
                .flatMap(lookup -> lookup.fold(
                        now -> now.credentialStamp().equals(user.credentialStamp())
                                ? Mono.just(begun(view, now, client))
                                : undone(view, RevocationReason.CREDENTIALS_CHANGED, client),
                        () -> undone(view, RevocationReason.USER_GONE, client),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    private Mono<StartOutcome> undone(SessionView view, RevocationReason reason, ClientFacts client) {
        return revoker.revoke(view.id(), reason).then(wrong(client));
    }

    private StartOutcome begun(SessionView view, User user, ClientFacts client) {
        audit.record(new SignedIn(view.subject(), view.id().publicId(), client.address()));
        return new Started(mint.mint(view, user.roles(), true));
    }

    private Mono<StartOutcome> wrong(ClientFacts client, Counted counted) {
        return counted.nameLimited().map(wait -> tooMany(client, wait)).orElseGet(() -> wrong(client));
    }

    private Mono<StartOutcome> wrong(ClientFacts client) {
        audit.record(new SignInRefused("credentials", client.address()));
        return refused(Problem.BAD_CREDENTIALS);
    }

    private Mono<StartOutcome> tooMany(ClientFacts client, Duration wait) {
        audit.record(new SignInRefused("attempts", client.address()));
        return refused(Problem.tooManyAttempts(wait));
    }

    private static Mono<StartOutcome> refused(Problem problem) {
        return Mono.just(new Refused(problem));
    }

    /** The result of a sign-in. */
    sealed interface StartOutcome {

        default <R> R fold(Function<TokenPair, R> started, Function<Problem, R> refused) {
            return this instanceof Started session
                    ? started.apply(session.pair)
                    : refused.apply(((Refused) this).problem);
        }

        /** A session began. */
        record Started(TokenPair pair) implements StartOutcome {}

        /** None did: 401, 429 or 503. */
        record Refused(Problem problem) implements StartOutcome {}
    }
}
