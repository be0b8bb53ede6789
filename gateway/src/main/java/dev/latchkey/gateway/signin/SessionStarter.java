package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.audit.AuditEvent.SignInRefused;
import dev.latchkey.gateway.audit.AuditEvent.SignedIn;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.SessionStore;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.signin.StartOutcome.Refused;
import dev.latchkey.gateway.signin.StartOutcome.Started;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Starts a session for whoever knows the password: the attempt is counted first, so that parallel guesses count too.
 */
@Component
final class SessionStarter {

    private final AttemptLimiter attempts;
    private final UserDirectory users;
    private final SessionStore sessions;
    private final TokenMint mint;
    private final AuditLog audit;
    private final SignInMeters meters;

    SessionStarter(
            AttemptLimiter attempts,
            UserDirectory users,
            SessionStore sessions,
            TokenMint mint,
            AuditLog audit,
            SignInMeters meters) {
        this.attempts = attempts;
        this.users = users;
        this.sessions = sessions;
        this.mint = mint;
        this.audit = audit;
        this.meters = meters;
    }

    Mono<StartOutcome> start(Credentials credentials, ClientFacts client) {
        return attempts.attempt(credentials.name(), client.address())
                .flatMap(attempt -> attempt.fold(
                        () -> check(credentials, client),
                        wait -> tooMany(client, wait),
                        () -> refused(Problem.unavailable())))
                .doOnNext(meters::count);
    }

    private Mono<StartOutcome> check(Credentials credentials, ClientFacts client) {
        return users.authenticate(credentials.name(), credentials.password())
                .flatMap(lookup -> lookup.fold(
                        user -> begin(credentials, user, client),
                        () -> wrong(client),
                        () -> refused(Problem.unavailable())));
    }

    private Mono<StartOutcome> begin(Credentials credentials, User user, ClientFacts client) {
        NewSession session = new NewSession(user.subject(), user.roles(), user.credentialStamp(), client);
        return attempts.succeeded(credentials.name(), client.address())
                .then(sessions.create(session))
                .map(outcome ->
                        outcome.fold(view -> begun(view, user, client), () -> new Refused(Problem.unavailable())));
    }

    private StartOutcome begun(SessionView view, User user, ClientFacts client) {
        audit.record(new SignedIn(view.subject(), view.id().publicId(), client.address()));
        return new Started(mint.pair(view, user.roles()));
    }

    private Mono<StartOutcome> wrong(ClientFacts client) {
        audit.record(new SignInRefused("credentials", client.address()));
        return refused(Problem.badCredentials());
    }

    private Mono<StartOutcome> tooMany(ClientFacts client, Duration wait) {
        audit.record(new SignInRefused("attempts", client.address()));
        return refused(Problem.tooManyAttempts(wait));
    }

    private static Mono<StartOutcome> refused(Problem problem) {
        return Mono.just(new Refused(problem));
    }
}
