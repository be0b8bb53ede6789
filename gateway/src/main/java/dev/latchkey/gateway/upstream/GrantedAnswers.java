package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.Judgement;
import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.redis.RedisClient.Acknowledged;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.StoredClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.upstream.Claim.Mine;
import dev.latchkey.gateway.upstream.UpstreamStore.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Keeps what a provider granted. The new refresh token is stored before anything is judged: it is the only good one,
 * and must survive also if the provider's keys cannot be had now.
 */
final class GrantedAnswers {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** How long new tokens are offered to a Redis that is away, before they are given up. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final UpstreamStore store;
    private final Sealer sealer;
    private final ProviderClient providers;
    private final LostTokens lost;
    private final Duration ownTtl;
    private final RandomGenerator random;
    private final UpstreamMeters meters;
    private final ThrottledLog log;

    /** @param ownTtl how long the gateway's own access tokens live */
    GrantedAnswers(
            UpstreamStore store,
            Sealer sealer,
            ProviderClient providers,
            LostTokens lost,
            Duration ownTtl,
            RandomGenerator random,
            UpstreamMeters meters,
            ThrottledLog log) {
        this.store = store;
        this.sealer = sealer;
        this.providers = providers;
        this.lost = lost;
        this.ownTtl = ownTtl;
        this.random = random;
        this.meters = meters;
        this.log = log;
    }

    Mono<RefreshOutcome> keep(SessionId session, Mine mine, HeldTokens before, Granted granted) {
        HeldTokens tokens = before.refreshed(granted.tokens());
        Granted whole = new Granted(tokens.tokens(), granted.expiresIn(), granted.refreshExpiresIn());
        String sealed = sealer.seal(mine.provider(), session, mine.number() + 1, tokens);
        return stored(session, mine, sealed, Schedule.of(whole, ownTtl, random)).flatMap(kept -> switch (kept) {
            case STORED -> judged(session, mine, tokens, granted.tokens().idToken());
            case NEWER -> Mono.just(RefreshOutcome.FRESH);
            case GONE -> lost.giveBack(session, mine.provider(), tokens).thenReturn(RefreshOutcome.GONE);
        });
    }

    /** Tries until Redis, and a replica where there is one, has them: nobody else may claim meanwhile. */
    private Mono<Kept> stored(SessionId session, Mine mine, String sealed, Schedule schedule) {
        return store.store(session, mine.number(), sealed, schedule)
                .map(GrantedAnswers::safe)
                .doOnError(this::unstored)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE).maxBackoff(LONGEST_PAUSE))
                .timeout(PATIENCE);
    }

    private void unstored(Throwable failure) {
        meters.unstored();
        log.write(
                "upstream: new tokens cannot be stored yet, and are held",
                failure.getClass().getSimpleName());
    }

    private static Kept safe(Acknowledged<Kept> kept) {
        if (!kept.isSafe() && kept.answer() == Kept.STORED) {
            throw new NotReplicatedException();
        }
        return kept.answer();
    }

    private Mono<RefreshOutcome> judged(SessionId session, Mine mine, HeldTokens tokens, Optional<String> idToken) {
        if (idToken.isEmpty()) {
            return Mono.just(RefreshOutcome.STORED);
        }
        return providers
                .judge(
                        mine.provider(),
                        idToken.get(),
                        Expected.ofRefresh(tokens.tokens().client(), tokens.sub()),
                        tokens.tokens())
                .onErrorReturn(new Judgement.KeysAway())
                .flatMap(judgement -> judgement.fold(
                        user -> user.localName().equals(tokens.localName())
                                ? claimed(session, mine, tokens, user)
                                : lost.forged(session, mine, tokens.tokens()),
                        insufficient -> unchanged("an ID token does not say what is needed: " + insufficient.why()),
                        forged -> lost.forged(session, mine, tokens.tokens()),
                        () -> unchanged("keys or claims of a provider cannot be had")));
    }

    private Mono<RefreshOutcome> unchanged(String why) {
        log.write("upstream: what a provider said of a user stays as it was", why);
        return Mono.just(RefreshOutcome.STORED);
    }

    /**
     * A refresh does not change when the user signed in (OpenID Connect Core 1.0, section 12.2), whatever it says, and
     * need not say how they did.
     */
    private Mono<RefreshOutcome> claimed(SessionId session, Mine mine, HeldTokens tokens, ProviderUser user) {
        Optional<StoredClaims> before = StoredClaims.parse(mine.claims());
        Optional<String> acr =
                user.acr().or(() -> before.flatMap(StoredClaims::provider).flatMap(ProviderClaims::acr));
        ProviderClaims said = claims(user, tokens.authTime().or(user::authTime), acr);
        String stamp = before.map(StoredClaims::stamp).orElse("");
        String json = new StoredClaims(stamp, Optional.of(said)).json();
        return json.equals(mine.claims())
                ? Mono.just(RefreshOutcome.STORED)
                : store.claims(session, mine.number() + 1, json)
                        .onErrorResume(UpstreamFaults.ignored())
                        .thenReturn(RefreshOutcome.STORED);
    }

    static ProviderClaims claims(ProviderUser user, Optional<Instant> authTime, Optional<String> acr) {
        return new ProviderClaims(user.provider(), user.roles(), user.name(), user.email(), authTime, acr);
    }

    /** Redis has the tokens, and no replica has. */
    private static final class NotReplicatedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotReplicatedException() {
            super("not replicated", null, false, false);
        }
    }
}
