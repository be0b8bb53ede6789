package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionEndListener;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenProperties;
import dev.latchkey.gateway.upstream.UpstreamStore.Sealed;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the gateway holds of OpenID Providers for its sessions. No call fails, unless it says so. */
@Component
public final class Upstreams implements SessionEndListener {

    private final UpstreamStore store;
    private final ProviderClient providers;
    private final Sealer sealer;
    private final UpstreamRefresh refresh;
    private final AccessTokens accessTokens;
    private final ProviderSessions index;
    private final LostTokens lost;
    private final SessionRevoker revoker;
    private final Duration ownTtl;
    private final SecureRandom random = new SecureRandom();

    Upstreams(
            UpstreamStore store,
            ProviderClient providers,
            Sealer sealer,
            UpstreamRefresh refresh,
            AccessTokens accessTokens,
            ProviderSessions index,
            LostTokens lost,
            SessionRevoker revoker,
            TokenProperties tokens) {
        this.store = store;
        this.providers = providers;
        this.sealer = sealer;
        this.refresh = refresh;
        this.accessTokens = accessTokens;
        this.index = index;
        this.lost = lost;
        this.revoker = revoker;
        this.ownTtl = tokens.accessTtl();
    }

    /** What {@link ProviderUser} says, as a session keeps it. */
    public static ProviderClaims claims(ProviderUser user) {
        return GrantedAnswers.claims(user, user.authTime(), user.acr());
    }

    /**
     * Keeps the tokens of a session that has just begun, before any of its own are handed out. If it does not come to
     * that, the session is ended and the tokens given back.
     */
    public Mono<BeginOutcome> begin(SessionView session, ProviderUser user, Granted granted) {
        HeldTokens tokens = HeldTokens.of(user, granted.tokens());
        String sealed = sealer.seal(user.provider(), session.id(), 1, tokens);
        return store.put(session.id(), user.provider(), sealed, Schedule.of(granted, ownTtl, random))
                .flatMap(put -> put.answer()
                        ? index.add(session, user).map(over -> over ? BeginOutcome.LOGGED_OUT : BeginOutcome.BEGUN)
                        : Mono.just(BeginOutcome.LOGGED_OUT))
                .onErrorResume(UpstreamFaults.become(BeginOutcome.UNAVAILABLE))
                .flatMap(outcome -> outcome == BeginOutcome.BEGUN
                        ? Mono.just(outcome)
                        : undone(session, outcome, user.provider(), tokens).thenReturn(outcome));
    }

    private Mono<Void> undone(SessionView session, BeginOutcome outcome, ProviderName provider, HeldTokens tokens) {
        RevocationReason reason =
                outcome == BeginOutcome.LOGGED_OUT ? RevocationReason.UPSTREAM : RevocationReason.SIGN_IN_FAILED;
        return revoker.revoke(session.subject(), session.id(), reason)
                .then(lost.giveBack(session.id(), provider, tokens));
    }

    /**
     * Has a session's tokens refreshed, without anyone who waits: for the caller whose rotation says that it is due.
     */
    public void due(SessionView session) {
        session.provider().ifPresent(claims -> refresh.begin(session.id(), claims.provider(), Claim.Reason.DUE));
    }

    /**
     * What {@link #accessToken} answers, if this node can tell without waiting for anything.
     *
     * @param audience as there
     */
    public Optional<Relayed> knownAccessToken(SessionId session, Optional<String> audience) {
        return accessTokens.known(session, audience);
    }

    /**
     * The provider's access token for a backend. It costs nothing where this node has it, and a read where it has not;
     * where it has ended, it waits for the provider, for three seconds at most.
     *
     * @param audience which it is exchanged for (RFC 8693); empty for the token as the provider issued it
     */
    public Mono<Relayed> accessToken(AccessClaims caller, Optional<String> audience) {
        return accessTokens.token(caller, audience);
    }

    /** The provider that began a session, as long as its tokens are held. Empty also if Redis does not answer. */
    public Mono<Optional<ProviderName>> provider(SessionId session) {
        return store.held(session)
                .map(known -> known.map(Sealed::provider))
                .onErrorResume(UpstreamFaults.become(Optional.empty()));
    }

    /**
     * The newest ID token, to sign out at the provider (OpenID Connect RP-Initiated Logout 1.0, section 2); to be asked
     * before the session is ended. Empty also if Redis does not answer.
     */
    public Mono<Optional<String>> idTokenHint(SessionId session) {
        return store.held(session)
                .map(known -> known.flatMap(held -> opened(session, held))
                        .flatMap(tokens -> tokens.tokens().idToken()))
                .onErrorResume(UpstreamFaults.become(Optional.empty()));
    }

    /**
     * Ends the sessions that belong to a session or a user at a provider, on every node.
     *
     * @param sid the session there; empty for all of the user
     * @param sub the user there; empty to end only those of the session
     */
    public Mono<RevokeOutcome> end(ProviderName provider, Optional<String> sid, Optional<String> sub) {
        return index.end(provider, sid, sub);
    }

    /** Ends all sessions of a user at a provider, on every node. */
    public Mono<RevokeOutcome> endUser(ProviderName provider, String sub, RevocationReason reason) {
        return index.endUser(provider, sub, reason);
    }

    /**
     * The sessions of a user at a provider, also those of a user of the directory who is joined to them. Some may have
     * ended. Fails on any trouble with Redis.
     */
    public Flux<SessionId> sessionsOf(ProviderName provider, String sub) {
        return index.of(provider, sub);
    }

    /** Tells the provider, off the way: exactly one node finds something to tell. */
    @Override
    public void ended(SessionId session) {
        if (!providers.isConfigured()) {
            return;
        }
        store.take(session)
                .flatMap(taken -> Mono.justOrEmpty(taken)
                        .flatMap(held -> Mono.justOrEmpty(opened(session, held))
                                .flatMap(tokens -> lost.giveBack(session, held.provider(), tokens))))
                .onErrorResume(UpstreamFaults.ignored())
                .subscribe();
    }

    private Optional<HeldTokens> opened(SessionId session, Sealed held) {
        return sealer.open(held.provider(), session, held.number(), held.sealed());
    }

    /** What came of keeping the first tokens. */
    public enum BeginOutcome {
        BEGUN,
        /** The user was signed out at the provider meanwhile, or the user's sessions were ended. */
        LOGGED_OUT,
        /** Redis did not answer: 503. */
        UNAVAILABLE
    }
}
