package dev.latchkey.gateway.pipeline.identity;

import dev.latchkey.gateway.cache.SingleFlight;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Tells backends by a signed token who is calling. Where a signature is quick, the thread that asks makes it; else
 * threads for that make it, and requests of one session that come at the same time share one.
 */
@Component
public final class IdentityPropagation implements AutoCloseable {

    private static final int MOST_WAITING = 10_000;
    private static final int IDLE_SECONDS = 60;

    private final IdentityTokenSigner signer;
    private final IdentityTokens tokens;
    private final SingleFlight<Key, IdentityToken> inFlight = new SingleFlight<>();
    private final Scheduler signing;

    @Autowired
    IdentityPropagation(IdentityTokenSigner signer, IdentityTokens tokens) {
        this(signer, tokens, Runtime.getRuntime().availableProcessors(), MOST_WAITING);
    }

    IdentityPropagation(IdentityTokenSigner signer, IdentityTokens tokens, int threads, int mostWaiting) {
        this.signer = signer;
        this.tokens = tokens;
        this.signing = Schedulers.newBoundedElastic(
                threads, Math.max(1, mostWaiting / threads), "latchkey-signatures", IDLE_SECONDS, true);
    }

    /**
     * As whom a user's request leaves for this audience; empty if a signature is needed that this thread must not make.
     */
    public Optional<OutboundIdentity> atOnce(AccessClaims caller, Audience audience) {
        Optional<IdentityToken> known = tokens.find(caller, audience);
        if (known.isPresent()) {
            return Optional.of(OutboundIdentity.of(caller, known.get()));
        }
        return signer.isQuick()
                ? Optional.of(OutboundIdentity.of(caller, tokens.sign(caller, audience)))
                : Optional.empty();
    }

    /**
     * As whom a user's request leaves for this audience.
     *
     * @return fails with {@link java.util.concurrent.RejectedExecutionException} if too many signatures are waited for
     */
    public Mono<OutboundIdentity> of(AccessClaims caller, Audience audience) {
        return atOnce(caller, audience)
                .map(Mono::just)
                .orElseGet(() -> inFlight.share(Key.of(caller, audience), () -> signed(caller, audience))
                        .map(token -> OutboundIdentity.of(caller, token)));
    }

    private Mono<IdentityToken> signed(AccessClaims caller, Audience audience) {
        return Mono.fromCallable(() -> tokens.sign(caller, audience))
                .subscribeOn(signing)
                .publishOn(Schedulers.parallel());
    }

    @Override
    public void close() {
        signing.dispose();
    }

    /** All that tokens of a session say which other requests of it may not. */
    private record Key(SessionId session, Roles roles, IdTokenClaims provider, long authTime, Audience audience) {

        static Key of(AccessClaims caller, Audience audience) {
            return new Key(caller.session(), caller.roles(), caller.provider(), caller.authenticated(), audience);
        }
    }
}
