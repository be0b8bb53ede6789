package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.cache.SingleFlight;
import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.TokenAnswer;
import dev.latchkey.gateway.shutdown.UnfinishedWork;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.upstream.Claim.Mine;
import dev.latchkey.gateway.upstream.UpstreamStore.Pause;
import dev.latchkey.gateway.upstream.UpstreamStore.Release;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Refreshes the tokens of a session once for all nodes: claims in Redis, sends one request, and stores what came. A
 * refresh token that is sent twice ends the user's session at a strict provider, so the request is never sent again, by
 * no layer, and only while the whole of it fits into the claim. No call fails. A node that stops waits for its calls:
 * an answer that Redis does not have yet may be the only good one.
 */
final class UpstreamRefresh implements UnfinishedWork, DisposableBean {

    private static final Logger LOGGER = LoggerFactory.getLogger(UpstreamRefresh.class);

    /** Calls of this node in flight; a further one is not begun, and the next rotation of its session is as good. */
    static final int MOST = 1024;

    /** Between two looks at what is under way while the node stops. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** The longest wait that a provider may ask for: once it is well again, no session should wait for hours. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    private static final int LEAST_PERCENT = 75;
    private static final int SPREAD_PERCENT = 50;

    private final UpstreamStore store;
    private final Sealer sealer;
    private final ProviderClient providers;
    private final GrantedAnswers granted;
    private final LostTokens lost;
    private final AccessTokenCache cache;
    private final UpstreamMeters meters;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final SingleFlight<SessionId, RefreshOutcome> flights = new SingleFlight<>();
    private final Semaphore free = new Semaphore(MOST);
    private final Sinks.Empty<Void> destroyed = Sinks.empty();
    private volatile boolean isStopping;

    UpstreamRefresh(
            UpstreamStore store,
            Sealer sealer,
            ProviderClient providers,
            GrantedAnswers granted,
            LostTokens lost,
            AccessTokenCache cache,
            UpstreamMeters meters,
            LongSupplier nanos,
            RandomGenerator random) {
        this.store = store;
        this.sealer = sealer;
        this.providers = providers;
        this.granted = granted;
        this.lost = lost;
        this.cache = cache;
        this.meters = meters;
        this.nanos = nanos;
        this.random = random;
    }

    /** How many sessions this node refreshes now. */
    int inFlight() {
        return flights.size();
    }

    @Override
    public Mono<Void> finish() {
        return Mono.defer(() -> {
            isStopping = true;
            return Flux.interval(Duration.ZERO, LOOK)
                    .onBackpressureDrop()
                    .takeUntil(tick -> inFlight() == 0)
                    .then();
        });
    }

    /** Gives up what did not end in the time of the stop: Redis is not to be had any more. */
    @Override
    public void destroy() {
        destroyed.tryEmitEmpty();
    }

    /** Begins without anyone who waits: a client that leaves cancels nothing. */
    void begin(SessionId session, ProviderName provider, Claim.Reason reason) {
        refresh(session, provider, reason).subscribe();
    }

    /** Joins the call of this node for the session, or begins one, which goes on also if nobody waits for it. */
    Mono<RefreshOutcome> refresh(SessionId session, ProviderName provider, Claim.Reason reason) {
        return flights.share(session, () -> limited(session, provider, reason));
    }

    private Mono<RefreshOutcome> limited(SessionId session, ProviderName provider, Claim.Reason reason) {
        Optional<Timing> timing = providers.timing(provider);
        if (timing.isEmpty()) {
            return Mono.just(RefreshOutcome.GONE);
        }
        if (isStopping || !free.tryAcquire()) {
            return Mono.just(RefreshOutcome.BUSY).doOnNext(outcome -> meters.refreshed(provider, outcome));
        }
        return claimed(session, timing.get(), reason)
                .onErrorResume(UpstreamFaults.become(RefreshOutcome.UNAVAILABLE))
                .doOnNext(outcome -> ended(session, provider, outcome))
                .doFinally(signal -> free.release())
                .takeUntilOther(destroyed.asMono());
    }

    /** Many providers void an access token as soon as there is a newer one. */
    private void ended(SessionId session, ProviderName provider, RefreshOutcome outcome) {
        meters.refreshed(provider, outcome);
        if (outcome == RefreshOutcome.STORED) {
            cache.drop(session);
        }
    }

    private Mono<RefreshOutcome> claimed(SessionId session, Timing timing, Claim.Reason reason) {
        return Mono.defer(() -> {
            long asked = nanos.getAsLong();
            return store.claim(session, timing.lease(), timing.orphanWait(), reason)
                    .flatMap(claim -> claim.fold(
                            mine -> call(session, mine, timing, asked),
                            other -> Mono.just(RefreshOutcome.valueOf(other.name()))));
        });
    }

    /** @param asked before the claim was sent, so before its lease began */
    private Mono<RefreshOutcome> call(SessionId session, Mine mine, Timing timing, long asked) {
        if (!mine.isSafe()) {
            return released(session, mine, Duration.ZERO, Release.UNSENT, RefreshOutcome.TROUBLE);
        }
        Optional<HeldTokens> held = sealer.open(mine.provider(), session, mine.number(), mine.sealed());
        if (held.isEmpty()) {
            LOGGER.warn("upstream: tokens of {} cannot be opened: their key is gone, or they were put there", session);
            return lost.lapse(session, mine);
        }
        Duration passed = Duration.ofNanos(nanos.getAsLong() - asked);
        if (passed.plus(timing.call()).compareTo(timing.lease()) > 0) {
            return released(session, mine, Duration.ZERO, Release.AGAIN, RefreshOutcome.UNSENT);
        }
        return providers
                .refresh(mine.provider(), held.get().tokens(), timing.call())
                .timeout(timing.call(), Mono.fromSupplier(() -> new TokenAnswer.Unknown("timeout")))
                .onErrorResume(failure -> Mono.just(new TokenAnswer.Unknown("fault")))
                .flatMap(answer -> answered(session, mine, held.get(), answer));
    }

    private Mono<RefreshOutcome> answered(SessionId session, Mine mine, HeldTokens held, TokenAnswer answer) {
        return answer.fold(
                tokens -> granted.keep(session, mine, held, tokens),
                refused -> lost.refused(session, mine),
                ours -> ours(session, mine, ours),
                trouble -> released(
                        session,
                        mine,
                        trouble.retryAfter().map(UpstreamRefresh::bounded).orElse(Duration.ZERO),
                        Release.UNSENT,
                        RefreshOutcome.TROUBLE),
                unknown -> released(session, mine, Duration.ZERO, Release.UNKNOWN, RefreshOutcome.UNKNOWN),
                unsent -> released(session, mine, Duration.ZERO, Release.UNSENT, RefreshOutcome.UNSENT));
    }

    private static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    }

    private Mono<RefreshOutcome> ours(SessionId session, Mine mine, TokenAnswer.Ours answer) {
        LOGGER.debug("upstream: provider {} refuses this gateway: {}", mine.provider(), answer.error());
        return released(session, mine, Duration.ZERO, Release.UNSENT, RefreshOutcome.OURS);
    }

    /** If Redis is away the lease runs out, as after a call that nobody knows of. */
    private Mono<RefreshOutcome> released(
            SessionId session, Mine mine, Duration least, Release kind, RefreshOutcome outcome) {
        int percent = LEAST_PERCENT + random.nextInt(SPREAD_PERCENT);
        Pause pause = new Pause(least, FIRST_PAUSE, LONGEST_PAUSE, percent);
        return store.release(session, mine.fence(), pause, kind)
                .onErrorResume(UpstreamFaults.ignored())
                .thenReturn(outcome);
    }
}
