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

/** What becomes of a session whose tokens the provider refuses, or that cannot be used. */
@Component
final class LostTokens {

    private final UpstreamStore store;
    private final ProviderClient providers;
    private final SessionRevoker revoker;
    private final AuditLog audit;

    LostTokens(UpstreamStore store, ProviderClient providers, SessionRevoker revoker, AuditLog audit) {
        this.store = store;
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
                .flatMap(outcome -> giveBack(mine.provider(), tokens).thenReturn(outcome));
    }

    /** Nobody waits for the provider to have heard it. */
    Mono<Void> giveBack(ProviderName provider, UpstreamTokens tokens) {
        return Mono.fromRunnable(
                () -> providers.revoke(provider, tokens).onErrorComplete().subscribe());
    }

    private Mono<RefreshOutcome> end(SessionId session, Mine mine, RefreshOutcome outcome) {
        return revoker.revoke(mine.subject(), session, RevocationReason.UPSTREAM)
                .map(revoked -> revoked == RevokeOutcome.REVOKED ? outcome : RefreshOutcome.UNAVAILABLE);
    }
}
