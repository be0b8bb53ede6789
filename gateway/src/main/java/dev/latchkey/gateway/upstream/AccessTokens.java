package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.cache.SingleFlight;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.upstream.Relayed.Token;
import dev.latchkey.gateway.upstream.Relayed.Unavailable;
import dev.latchkey.gateway.upstream.UpstreamStore.Sealed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Providers' access tokens for routes that relay them. A request waits for a provider only where the token has ended,
 * and looks again after it waited. No call fails.
 */
@Component
final class AccessTokens {

    /** How long a request waits for new tokens. */
    static final Duration WAIT = Duration.ofSeconds(3);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /** Between two looks at what another node is fetching. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final UpstreamStore store;
    private final Sealer sealer;
    private final ProviderClient providers;
    private final UpstreamRefresh refresh;
    private final AccessTokenCache cache;
    private final InstantSource clock;
    private final SingleFlight<Wanted, Relayed> reads = new SingleFlight<>();

    AccessTokens(
            UpstreamStore store,
            Sealer sealer,
            ProviderClient providers,
            UpstreamRefresh refresh,
            AccessTokenCache cache,
            InstantSource clock) {
        this.store = store;
        this.sealer = sealer;
        this.providers = providers;
        this.refresh = refresh;
        this.cache = cache;
        this.clock = clock;
    }

    /** @param audience which the token is exchanged for (RFC 8693); empty for the token as the provider issued it */
    Mono<Relayed> token(SessionId session, Optional<String> audience) {
        return Mono.defer(() -> cache.get(session, audience, clock.instant())
                .<Mono<Relayed>>map(Mono::just)
                .orElseGet(() -> reads.share(new Wanted(session, audience), () -> read(session, audience))));
    }

    private Mono<Relayed> read(SessionId session, Optional<String> audience) {
        return look(session)
                .flatMap(found -> relayed(session, found, audience))
                .defaultIfEmpty(new Relayed.None())
                .timeout(WAIT, Mono.fromSupplier(() -> new Unavailable(RETRY_AFTER)))
                .onErrorReturn(AwayException.class, new Unavailable(RETRY_AFTER))
                .onErrorResume(UpstreamFaults.become(new Unavailable(RETRY_AFTER)));
    }

    /** Reads until the token is fresh, or cannot become so; empty if there is none any more. */
    private Mono<Found> look(SessionId session) {
        return store.held(session)
                .flatMap(Mono::justOrEmpty)
                .flatMap(held -> Mono.justOrEmpty(sealer.open(held.provider(), session, held.number(), held.sealed()))
                        .flatMap(tokens -> isOver(held) ? refreshed(session, held, tokens) : found(held, tokens)));
    }

    private static boolean isOver(Sealed held) {
        return held.hard().compareTo(AccessTokenCache.LEAST_LIFE) <= 0;
    }

    private static Mono<Found> found(Sealed held, HeldTokens tokens) {
        return Mono.just(new Found(held, tokens));
    }

    private Mono<Found> refreshed(SessionId session, Sealed held, HeldTokens tokens) {
        if (tokens.tokens().refresh().isEmpty()) {
            return Mono.empty();
        }
        return refresh.refresh(session, held.provider(), Claim.Reason.HARD).flatMap(outcome -> switch (outcome) {
            case STORED -> look(session);
            case FRESH, HELD, UNKNOWN -> Mono.delay(LOOK).then(look(session));
            case GONE, REFUSED, LAPSED, FORGED -> Mono.empty();
            case BACKOFF, OURS, TROUBLE, UNSENT, BUSY, UNAVAILABLE -> Mono.error(new AwayException());
        });
    }

    private Mono<Relayed> relayed(SessionId session, Found found, Optional<String> audience) {
        Optional<String> access = found.tokens.tokens().access();
        if (access.isEmpty()) {
            return Mono.just(new Relayed.None());
        }
        return audience.isPresent()
                ? exchanged(session, found, audience.get())
                : Mono.just(kept(session, audience, access.get(), found.held.hard()));
    }

    private Mono<Relayed> exchanged(SessionId session, Found found, String audience) {
        return providers
                .exchange(found.held.provider(), found.tokens.tokens(), audience)
                .map(answer -> answer instanceof Granted granted
                        ? granted.tokens()
                                .access()
                                .map(token -> kept(session, Optional.of(audience), token, granted.expiresIn()))
                                .orElseGet(Relayed.None::new)
                        : new Unavailable(RETRY_AFTER));
    }

    private Relayed kept(SessionId session, Optional<String> audience, String value, Duration life) {
        Token token = new Token(value);
        cache.put(session, audience, token, clock.instant().plus(life));
        return token;
    }

    private record Wanted(SessionId session, Optional<String> audience) {}

    private record Found(Sealed held, HeldTokens tokens) {}

    /** The provider cannot be asked now. */
    private static final class AwayException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        AwayException() {
            super("the provider is away", null, false, false);
        }
    }
}
