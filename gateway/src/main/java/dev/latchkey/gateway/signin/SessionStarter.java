package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Attempt;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Counted;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Starts a session after the right password. The attempt is counted first, so that parallel guesses count too. */
@Component
public final class SessionStarter {

    private final AttemptLimiter attempts;
    private final UserDirectory users;
    private final RedisSessionStore sessions;
    private final SessionRevoker revoker;
    private final TokenMint mint;
    private final AuditLog audit;
    private final RepeatedEvents repeated;
    private final MeterProvider<Counter> signIns;

    /** Each outcome has a meter from the start, at zero. */
    SessionStarter(
            AttemptLimiter attempts,
            UserDirectory users,
            RedisSessionStore sessions,
            SessionRevoker revoker,
            TokenMint mint,
            AuditLog audit,
            RepeatedEvents repeated,
            MeterRegistry registry) {
        this.attempts = attempts;
        this.users = users;
        this.sessions = sessions;
        this.revoker = revoker;
        this.mint = mint;
        this.audit = audit;
        this.repeated = repeated;
        this.signIns = Counter.builder("latchkey.sign.ins")
                .description("Sign-ins by result")
                .withRegistry(registry);
        List.of("started", "wrong", "limited", "unavailable").forEach(this::counter);
    }

    private Counter counter(String outcome) {
        return signIns.withTag("outcome", outcome);
    }

    /** The tokens of a session that began, or a 401, 429 or 503. */
    Mono<Result<TokenPair>> start(Attempt attempt, Password password, ClientFacts client) {
        return attempts.attempt(attempt)
                .flatMap(outcome -> outcome.fold(
                        counted -> check(attempt, password, client, counted),
                        wait -> tooMany(client, wait),
                        () -> refused(Problem.UNAVAILABLE)))
                .doOnNext(result -> counter(outcome(result)).increment());
    }

    private static String outcome(Result<TokenPair> result) {
        return result.fold(pair -> "started", problem -> switch (problem.status()) {
            case 429 -> "limited";
            case 503 -> "unavailable";
            default -> "wrong";
        });
    }

    /** Even if no password would count, so that the time of the answer does not reveal that. */
    private Mono<Result<TokenPair>> check(Attempt attempt, Password password, ClientFacts client, Counted counted) {
        return users.authenticate(attempt.name(), password)
                .flatMap(lookup -> lookup.fold(
                        user -> counted.counter().isPresent()
                                ? right(user, client, attempt, counted)
                                : wrong(client, counted),
                        () -> wrong(client, counted),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    private Mono<Result<TokenPair>> right(User user, ClientFacts client, Attempt attempt, Counted counted) {
        return attempts.succeeded(attempt, counted)
                .flatMap(outcome -> outcome.fold(
                        free -> begin(user, client),
                        wait -> tooMany(client, wait),
                        () -> refused(Problem.UNAVAILABLE)));
    }

    /** Begins a session of a user whose password was right; a 503, or a 401 if it was changed in this moment. */
    public Mono<Result<TokenPair>> begin(User user, ClientFacts client) {
        NewSession session = new NewSession(user.subject(), user.credentialStamp(), client);
        return sessions.create(session)
                .flatMap(outcome ->
                        outcome.fold(view -> stillThere(view, user, client), () -> refused(Problem.UNAVAILABLE)));
    }

    /**
     * If the user was disabled meanwhile, the session began after that, and the change does not end it. Where nobody
     * can say, it ends, too: nobody gets its tokens.
     */
    private Mono<Result<TokenPair>> stillThere(SessionView view, User user, ClientFacts client) {
        return users.findNow(user.subject())
                .flatMap(lookup -> lookup.fold(
                        now -> now.credentialStamp().equals(user.credentialStamp())
                                ? Mono.just(begun(view, now, client))
                                : undone(view, RevocationReason.CREDENTIALS_CHANGED, wrong(client)),
                        () -> undone(view, RevocationReason.USER_GONE, wrong(client)),
                        () -> undone(view, RevocationReason.SIGN_IN_FAILED, refused(Problem.UNAVAILABLE))));
    }

    private Mono<Result<TokenPair>> undone(SessionView view, RevocationReason reason, Mono<Result<TokenPair>> refusal) {
        return revoker.revoke(view.subject(), view.id(), reason).then(refusal);
    }

    private Result<TokenPair> begun(SessionView view, User user, ClientFacts client) {
        audit.record(AuditEvent.signedIn(view.subject(), view.id().publicId(), client.address()));
        return new Success<>(mint.mint(view, user.roles(), user.claims(), true, client.key()));
    }

    private Mono<Result<TokenPair>> wrong(ClientFacts client, Counted counted) {
        return counted.nameLimited().map(wait -> tooMany(client, wait)).orElseGet(() -> wrong(client));
    }

    private Mono<Result<TokenPair>> wrong(ClientFacts client) {
        return refused(client, "credentials", Problem.BAD_CREDENTIALS);
    }

    private Mono<Result<TokenPair>> tooMany(ClientFacts client, Duration wait) {
        return refused(client, "attempts", Problem.tooManyAttempts(wait));
    }

    private Mono<Result<TokenPair>> refused(ClientFacts client, String reason, Problem problem) {
        String address = client.address();
        repeated.record(AuditEvent.signInRefused(reason, address), IpAddresses.network(address));
        return refused(problem);
    }

    private static Mono<Result<TokenPair>> refused(Problem problem) {
        return Mono.just(new Failure<>(problem));
    }
}
