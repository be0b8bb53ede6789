package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.cache.SingleFlight;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.TokenAnswer.Ours;
import dev.latchkey.gateway.provider.TokenAnswer.Refused;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.upstream.Relayed.Token;
import dev.latchkey.gateway.upstream.Relayed.Unavailable;
import dev.latchkey.gateway.upstream.Relayed.Without;
import dev.latchkey.gateway.upstream.UpstreamStore.Sealed;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Providers' access tokens for routes that relay them. A request waits for a provider only where the token has ended,
 * and looks again after it waited; what the provider then answers is kept for the next one. No call fails.
 */
@Component
final class AccessTokens {

    /** How long a request waits for new tokens. */
    static final Duration WAIT = Duration.ofSeconds(3);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /** Between two looks at what another node is fetching. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** How long a provider that refuses an audience is not asked again for the same session. */
    private static final Duration REFUSAL_LIFE = Duration.ofSeconds(15);

    private final UpstreamStore store;
    private final Sealer sealer;
    private final ProviderClient providers;
    private final UpstreamRefresh refresh;
    private final AccessTokenCache cache;
    private final SingleFlight<Wanted, Relayed> reads = new SingleFlight<>();

    /** Apart from the reads, which end sooner than a slow provider answers. */
    private final SingleFlight<Wanted, Relayed> exchanges = new SingleFlight<>();

    AccessTokens(
            UpstreamStore store,
            Sealer sealer,
            ProviderClient providers,
            UpstreamRefresh refresh,
            AccessTokenCache cache) {
        this.store = store;
        this.sealer = sealer;
        this.providers = providers;
        this.refresh = refresh;
        this.cache = cache;
    }

    /** What this node knows by itself; empty if it has to read or to ask. */
    Optional<Relayed> known(SessionId session, Optional<String> audience) {
        return cache.get(session, audience);
    }

    /** @param audience which the token is exchanged for (RFC 8693); empty for the token as the provider issued it */
    Mono<Relayed> token(AccessClaims caller, Optional<String> audience) {
        return Mono.defer(() -> known(caller.session(), audience)
                .map(Mono::just)
                .orElseGet(() ->
                        reads.share(new Wanted(caller.session(), audience), () -> read(reading(caller, audience)))));
    }

    private Reading reading(AccessClaims caller, Optional<String> audience) {
        return new Reading(caller, audience, cache.drops(caller.session()));
    }

    private Mono<Relayed> read(Reading reading) {
        return look(reading)
                .timeout(WAIT, Mono.fromSupplier(() -> new Unavailable(RETRY_AFTER)))
                .onErrorResume(UpstreamFaults.become(new Unavailable(RETRY_AFTER)));
    }

    private Mono<Relayed> look(Reading reading) {
        return store.held(reading.session())
                .flatMap(known -> known.map(held -> opened(reading, held)).orElseGet(() -> Mono.just(Without.NONE)));
    }

    /** Tokens that cannot be opened are lost, as when their key is gone. */
    private Mono<Relayed> opened(Reading reading, Sealed held) {
        return sealer.open(held.provider(), reading.session(), held.number(), held.sealed())
                .map(tokens -> relayed(reading, new Found(held, tokens)))
                .orElseGet(() -> Mono.just(Without.ENDED));
    }

    private Mono<Relayed> relayed(Reading reading, Found found) {
        if (found.tokens.tokens().access().isEmpty()
                || found.tokens.tokens().dpopKey().isPresent()) {
            return Mono.just(Without.NONE);
        }
        return found.held.hard().compareTo(AccessTokenCache.LEAST_LIFE) <= 0
                ? refreshed(reading, found)
                : used(reading, found);
    }

    private Mono<Relayed> refreshed(Reading reading, Found found) {
        boolean hasEnded = found.held.hard().compareTo(Duration.ZERO) <= 0;
        if (found.tokens.tokens().refresh().isEmpty()) {
            return hasEnded ? Mono.just(Without.ENDED) : used(reading, found);
        }
        Claim.Reason reason = hasEnded ? Claim.Reason.HARD : Claim.Reason.DUE;
        return refresh.refresh(reading.session(), found.held.provider(), reason).flatMap(outcome -> switch (outcome) {
            case STORED -> look(reading(reading.caller, reading.audience));
            case GONE, REFUSED, LAPSED, FORGED -> Mono.just(Without.ENDED);
            case FRESH, HELD, UNKNOWN -> hasEnded ? Mono.delay(LOOK).then(look(reading)) : used(reading, found);
            case BACKOFF, OURS, TROUBLE, UNSENT, BUSY, UNAVAILABLE ->
                hasEnded ? Mono.just(new Unavailable(RETRY_AFTER)) : used(reading, found);
        });
    }

    private Mono<Relayed> used(Reading reading, Found found) {
        String access = found.tokens.tokens().access().orElseThrow();
        return reading.audience.isPresent()
                ? exchanges.share(new Wanted(reading.session(), reading.audience), () -> exchanged(reading, found))
                : Mono.just(kept(reading, Token.of(access), found.held.hard()));
    }

    private Mono<Relayed> exchanged(Reading reading, Found found) {
        return providers
                .exchange(found.held.provider(), found.tokens.tokens(), reading.audience.orElseThrow())
                .map(answer -> {
                    if (answer instanceof Granted granted) {
                        String access = granted.tokens().access().orElseThrow();
                        return kept(reading, Token.of(access), granted.expiresIn());
                    }
                    return answer instanceof Ours || answer instanceof Refused
                            ? kept(reading, Without.NOT_EXCHANGED, REFUSAL_LIFE)
                            : new Unavailable(RETRY_AFTER);
                });
    }

    private Relayed kept(Reading reading, Relayed answer, Duration life) {
        cache.put(reading.caller, reading.audience, answer, life, reading.drops);
        return answer;
    }

    private record Wanted(SessionId session, Optional<String> audience) {}

    /** @param drops of the session from the cache, before */
    private record Reading(AccessClaims caller, Optional<String> audience, long drops) {

        private SessionId session() {
            return caller.session();
        }
    }

    private record Found(Sealed held, HeldTokens tokens) {}
}
