package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.provider.ExchangeOutcome.Failed;
import dev.latchkey.gateway.signin.provider.ExchangeOutcome.Started;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.cookie.CookieBudget;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import dev.latchkey.gateway.upstream.Upstreams;
import dev.latchkey.gateway.user.NormalForm;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Begins the session of a provider's user. The provider's tokens are kept before any of ours are handed out, so that a
 * logout there, which may be under way, finds the session or is found by it.
 */
@Component
final class SessionOpening {

    private final AttemptLimiter attempts;
    private final UserDirectory users;
    private final RedisSessionStore sessions;
    private final SessionRevoker revoker;
    private final Upstreams upstreams;
    private final TokenMint mint;
    private final AuditLog audit;
    private final CookieBudget budget;

    SessionOpening(
            AttemptLimiter attempts,
            UserDirectory users,
            RedisSessionStore sessions,
            SessionRevoker revoker,
            Upstreams upstreams,
            TokenMint mint,
            AuditLog audit,
            Issuer issuer,
            CookieProperties cookies) {
        this.attempts = attempts;
        this.users = users;
        this.sessions = sessions;
        this.revoker = revoker;
        this.upstreams = upstreams;
        this.mint = mint;
        this.audit = audit;
        this.budget = new CookieBudget(issuer, cookies.names());
    }

    /**
     * Who a provider's user is here; empty if that cannot be said: a {@code sub} that is no subject, or a local name
     * that is none.
     */
    static Optional<Subject> subjectOf(ProviderUser user) {
        if (user.localName().isPresent()) {
            return user.localName()
                    .map(NormalForm::ofName)
                    .filter(Subject::isLocalName)
                    .map(Subject::new);
        }
        String value = user.provider().value() + "|" + user.sub();
        return user.sub().isEmpty() || !Subject.isWellFormed(value)
                ? Optional.empty()
                : Optional.of(Subject.of(user.provider(), user.sub()));
    }

    Mono<ExchangeOutcome> begin(ProviderUser user, Granted granted, ClientFacts client) {
        return subjectOf(user)
                .map(subject -> subject.isOfProvider()
                        ? begin(new Entering(user, subject, user.roles(), ""), granted, client)
                        : joined(user, subject, granted, client))
                .orElseGet(() -> failed(Refusal.NO_ACCOUNT));
    }

    /** The configuration joins the two: the users directory says whether they may enter, and with which roles. */
    private Mono<ExchangeOutcome> joined(ProviderUser user, Subject subject, Granted granted, ClientFacts client) {
        return users.findNow(subject)
                .flatMap(lookup -> lookup.fold(
                        known -> begin(
                                new Entering(user, subject, known.roles(), known.credentialStamp()), granted, client),
                        () -> failed(Refusal.NO_ACCOUNT),
                        () -> failed(Refusal.NOT_NOW)));
    }

    private Mono<ExchangeOutcome> begin(Entering entering, Granted granted, ClientFacts client) {
        if (!budget.fits(entering.subject, entering.roles, entering.said())) {
            return failed(Refusal.TOO_MANY_ROLES);
        }
        return attempts.succeeded(entering.subject)
                .flatMap(outcome -> outcome.fold(
                        counter -> create(entering, granted, client),
                        wait -> Mono.just(new Failed(Refusal.ATTEMPTS, Problem.tooManyAttempts(wait), false)),
                        () -> failed(Refusal.NOT_NOW)));
    }

    private Mono<ExchangeOutcome> create(Entering entering, Granted granted, ClientFacts client) {
        NewSession session =
                new NewSession(entering.subject, entering.stamp, client, Optional.of(Upstreams.claims(entering.user)));
        return sessions.create(session)
                .flatMap(outcome ->
                        outcome.fold(view -> kept(view, entering, granted, client), () -> failed(Refusal.NOT_NOW)));
    }

    private Mono<ExchangeOutcome> kept(SessionView view, Entering entering, Granted granted, ClientFacts client) {
        return upstreams.begin(view, entering.user, granted).flatMap(outcome -> switch (outcome) {
            case BEGUN -> stillThere(view, entering, client);
            case LOGGED_OUT -> failed(Refusal.DENIED);
            case UNAVAILABLE -> failed(Refusal.NOT_NOW);
        });
    }

    /**
     * If a joined user was disabled meanwhile, the session began after that, and the change does not end it. Where
     * nobody can say, it ends, too: nobody gets its tokens.
     */
    private Mono<ExchangeOutcome> stillThere(SessionView view, Entering entering, ClientFacts client) {
        if (entering.subject.isOfProvider()) {
            return Mono.just(started(view, entering, client));
        }
        return users.findNow(entering.subject)
                .flatMap(lookup -> lookup.fold(
                        now -> isSame(entering, now)
                                ? Mono.just(started(view, entering, client))
                                : undone(view, RevocationReason.CREDENTIALS_CHANGED, Refusal.NO_ACCOUNT),
                        () -> undone(view, RevocationReason.USER_GONE, Refusal.NO_ACCOUNT),
                        () -> undone(view, RevocationReason.SIGN_IN_FAILED, Refusal.NOT_NOW)));
    }

    private static boolean isSame(Entering entering, User now) {
        return now.credentialStamp().equals(entering.stamp);
    }

    private Mono<ExchangeOutcome> undone(SessionView view, RevocationReason reason, Refusal refusal) {
        return revoker.revoke(view.subject(), view.id(), reason).then(failed(refusal));
    }

    private ExchangeOutcome started(SessionView view, Entering entering, ClientFacts client) {
        audit.record(
                AuditEvent.signedIn(view.subject(), view.id().publicId(), entering.user.provider(), client.address()));
        return new Started(mint.mint(view, entering.roles, entering.said(), true, client.key()));
    }

    private static Mono<ExchangeOutcome> failed(Refusal refusal) {
        return Mono.just(new Failed(refusal, false));
    }

    /**
     * Who enters.
     *
     * @param stamp of the local user's credentials; empty for a user of the provider alone
     */
    private record Entering(ProviderUser user, Subject subject, Roles roles, String stamp) {

        IdTokenClaims said() {
            return IdTokenClaims.ofProvider(user.name(), user.email(), user.authTime(), user.acr());
        }
    }
}
