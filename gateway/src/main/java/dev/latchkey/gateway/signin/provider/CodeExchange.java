package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.provider.ClientType;
import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.IdTokens;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.TokenCalls;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.signin.RequestingClient;
import dev.latchkey.gateway.signin.provider.ExchangeOutcome.Failed;
import dev.latchkey.gateway.signin.provider.ExchangeOutcome.Kept;
import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Turns an authorization code into a session: one token request, the ID token's judgement, and the session. */
@Component
final class CodeExchange {

    private static final Logger LOGGER = LoggerFactory.getLogger(CodeExchange.class);

    private final TokenCalls calls;
    private final IdTokens idTokens;
    private final AuthorizationRedirect redirect;
    private final SessionOpening sessions;
    private final TokenAuthentication authentication;
    private final RequestingClient clients;

    CodeExchange(
            TokenCalls calls,
            IdTokens idTokens,
            AuthorizationRedirect redirect,
            SessionOpening sessions,
            TokenAuthentication authentication,
            RequestingClient clients) {
        this.calls = calls;
        this.idTokens = idTokens;
        this.redirect = redirect;
        this.sessions = sessions;
        this.authentication = authentication;
        this.clients = clients;
    }

    /** For a browser, which may have a session already. */
    Mono<ExchangeOutcome> exchange(Callback callback, String code) {
        Attempt attempt = callback.attempt();
        ServerHttpRequest request = callback.request().exchange().getRequest();
        CodeGrant grant = new CodeGrant(
                callback.provider(),
                code,
                attempt.verifier(),
                redirect.redirectUri(callback.request(), callback.provider().name()),
                new Expected(
                        ClientType.CONFIDENTIAL,
                        Optional.of(attempt.nonce()),
                        Optional.empty(),
                        attempt.wish().maxAge(),
                        attempt.wish().acrValues()));
        return exchange(
                grant,
                (user, granted) -> isThere(request, attempt, user)
                        ? Mono.just(new Kept())
                        : sessions.begin(user, granted, clients.of(request)));
    }

    /** For a native app. */
    Mono<ExchangeOutcome> exchange(CodeGrant grant, ClientFacts client) {
        return exchange(grant, (user, granted) -> sessions.begin(user, granted, client));
    }

    private Mono<ExchangeOutcome> exchange(CodeGrant grant, SignedIn then) {
        return calls.exchange(
                        grant.provider(),
                        grant.expected().client(),
                        grant.code(),
                        grant.verifier(),
                        grant.redirectUri())
                .flatMap(answer -> answer.fold(
                        granted -> granted(grant, granted, then),
                        refused -> failed(Refusal.UNKNOWN, true),
                        ours -> ours(grant.provider(), ours.error()),
                        trouble -> failed(Refusal.UNAVAILABLE, false),
                        unknown -> failed(Refusal.UNAVAILABLE, true),
                        unsent -> failed(Refusal.UNAVAILABLE, false)));
    }

    private Mono<ExchangeOutcome> ours(Provider provider, String error) {
        LOGGER.error("Provider {} refuses this gateway: {}", provider.name(), error);
        return failed(Refusal.MISCONFIGURED, false);
    }

    private Mono<ExchangeOutcome> granted(CodeGrant grant, Granted granted, SignedIn then) {
        return granted.tokens()
                .idToken()
                .map(raw -> idTokens.judge(grant.provider(), raw, grant.expected(), granted.tokens())
                        .flatMap(judgement -> judgement.fold(
                                user -> then.begin(user, granted),
                                insufficient -> warned(grant, "does not suffice", insufficient.why(), lacking(grant)),
                                forged -> warned(grant, "is rejected", forged.why(), Refusal.REJECTED),
                                () -> failed(Refusal.UNAVAILABLE, false))))
                .orElseGet(() -> warned(grant, "is rejected", "there is none", Refusal.REJECTED));
    }

    private static Refusal lacking(CodeGrant grant) {
        return grant.expected().isStepUp() ? Refusal.INSUFFICIENT : Refusal.UNUSABLE_CLAIMS;
    }

    private static Mono<ExchangeOutcome> warned(CodeGrant grant, String what, String why, Refusal refusal) {
        LOGGER.warn("An ID token of provider {} {}: {}", grant.provider().name(), what, why);
        return failed(refusal, false);
    }

    /** Whether another tab's attempt has signed the same user in meanwhile; as far as this node can tell by itself. */
    private boolean isThere(ServerHttpRequest request, Attempt attempt, ProviderUser user) {
        return !attempt.wish().isStepUp()
                && authentication
                        .authenticateLocally(new SpringRequestHead(request), false)
                        .flatMap(result -> result.<Optional<AccessClaims>>fold(
                                Optional::of, signedOut -> Optional.empty(), stopped -> Optional.empty()))
                        .filter(caller -> caller.subject()
                                        .equals(SessionOpening.subjectOf(user).orElse(null))
                                && caller.authTime().isAfter(attempt.begun()))
                        .isPresent();
    }

    private static Mono<ExchangeOutcome> failed(Refusal refusal, boolean mayPass) {
        return Mono.just(new Failed(refusal, mayPass));
    }

    /** What becomes of a user whom the provider has signed in. */
    private interface SignedIn {

        Mono<ExchangeOutcome> begin(ProviderUser user, Granted granted);
    }
}
