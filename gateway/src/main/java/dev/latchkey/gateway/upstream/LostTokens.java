package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.upstream.Claim.Mine;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What becomes of a session whose tokens the provider refuses, and of tokens that are not needed any more. */
@Component
final class LostTokens {

    private final UpstreamStore store;
    private final Sealer sealer;
    private final ProviderSessions index;
    private final ProviderClient providers;
    private final SessionRevoker revoker;
    private final AuditLog audit;

    LostTokens(
            UpstreamStore store,
            Sealer sealer,
            ProviderSessions index,
            ProviderClient providers,
            SessionRevoker revoker,
            AuditLog audit) {
        this.store = store;
        this.sealer = sealer;
        this.index = index;
        this.providers = providers;
        this.revoker = revoker;
        this.audit = audit;
    }

    /**
     * The provider refused. If a call is unaccounted for that may be our doing: then nothing is denied, and the user is
     * asked to sign in when the access token ends.
     */
    Mono<RefreshOutcome> refused(SessionId session, Mine mine) {
        return mine.isUncertain() ? lapse(session, mine) : end(session, mine, RefreshOutcome.REFUSED);
    }

    Mono<RefreshOutcome> lapse(SessionId session, Mine mine) {
        return store.lapse(session, mine.number()).map(lapse -> switch (lapse) {
            case LAPSED -> {
                audit.record(AuditEvent.sessionLapsed(mine.subject(), session.publicId(), mine.provider()));
                yield RefreshOutcome.LAPSED;
            }
            case NEWER -> RefreshOutcome.FRESH;
            case GONE -> RefreshOutcome.GONE;
        });
    }

    /** The ID token of a refresh is about someone else, or not the provider's: ended here and there. */
    Mono<RefreshOutcome> forged(SessionId session, Mine mine, UpstreamTokens tokens) {
        return end(session, mine, RefreshOutcome.FORGED)
                .doOnNext(outcome -> revoke(mine.provider(), tokens).subscribe());
    }

    /**
     * Tells the provider that a session's tokens are not needed any more, for which nobody waits. Not as long as
     * another session of ours lives by the same session there, as after a step-up: many providers revoke, with one
     * refresh token, all that they granted the client in that session (RFC 7009 section 2.1).
     */
    Mono<Void> giveBack(SessionId session, ProviderName provider, HeldTokens held) {
        return Mono.fromRunnable(() -> isShared(session, provider, held)
                .onErrorResume(UpstreamFaults.become(false))
                .filter(isShared -> !isShared)
                .flatMap(alone -> revoke(provider, held.tokens()))
                .subscribe());
    }

    private Mono<Void> revoke(ProviderName provider, UpstreamTokens tokens) {
        return providers.revoke(provider, tokens).onErrorComplete();
    }

    /** Native apps are a client of their own. */
    private Mono<Boolean> isShared(SessionId session, ProviderName provider, HeldTokens held) {
        return Mono.justOrEmpty(held.sid())
                .flatMapMany(sid -> index.ofSession(provider, sid))
                .filter(other -> !other.equals(session))
                .concatMap(this::held)
                .any(other -> other.tokens().client() == held.tokens().client());
    }

    private Mono<HeldTokens> held(SessionId session) {
        return store.held(session)
                .flatMap(known -> Mono.justOrEmpty(
                        known.flatMap(held -> sealer.open(held.provider(), session, held.number(), held.sealed()))));
    }

    private Mono<RefreshOutcome> end(SessionId session, Mine mine, RefreshOutcome outcome) {
        return revoker.revoke(mine.subject(), session, RevocationReason.UPSTREAM)
                .map(revoked -> revoked == RevokeOutcome.REVOKED ? outcome : RefreshOutcome.UNAVAILABLE);
    }
}
