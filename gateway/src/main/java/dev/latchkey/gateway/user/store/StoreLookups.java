package dev.latchkey.gateway.user.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.cache.SingleFlight;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.UsersProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Asks a store, within a time limit and a bound of questions at once: one question for all who want the same name at
 * the same time, and none for a name that was asked a moment ago. Each call fails if the store is in trouble.
 */
public final class StoreLookups {

    /** More would only wait for the connections of the store. */
    static final int MOST_IN_FLIGHT = 1000;

    private static final int MOST_REMEMBERED = 10_000;

    /** The limit of a question for many, in those of a question for one: nobody waits for it. */
    private static final int LIMITS_OF_MANY = 5;

    private final UserStore store;
    private final Duration timeout;
    private final InstantSource clock;
    private final StoreState state;
    private final HashChecks hashes;
    private final Timer timer;
    private final SingleFlight<Subject, StoreAnswer> shared = new SingleFlight<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Cache<Subject, StoreAnswer> recent;

    StoreLookups(
            UserStore store,
            UsersProperties properties,
            InstantSource clock,
            StoreState state,
            HashChecks hashes,
            MeterRegistry meters) {
        this.store = store;
        this.timeout = properties.timeout();
        this.clock = clock;
        this.state = state;
        this.hashes = hashes;
        this.timer = Timer.builder("latchkey.users.lookups")
                .description("Questions to the store of users")
                .register(meters);
        this.recent = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(properties.cacheTime())
                .build();
    }

    /** The user of this name, as the store said it a moment ago. */
    public Mono<StoreAnswer> find(Subject subject) {
        return Mono.defer(() -> {
            StoreAnswer known = recent.getIfPresent(subject);
            return known == null ? shared.share(subject, () -> findNow(subject)) : Mono.just(known);
        });
    }

    /** The user of this name, as the store says it now. */
    public Mono<StoreAnswer> findNow(Subject subject) {
        return Mono.defer(() -> {
            StoreAnswer nothing = new StoreAnswer(Optional.empty(), clock.instant());
            return Subject.isLocalName(subject.value())
                    ? limited(store.find(subject).doOnNext(user -> user.ifPresent(this::learn)), timeout)
                            .map(user -> remembered(subject, new StoreAnswer(user, nothing.asked())))
                    : Mono.just(nothing);
        });
    }

    /** Those whom the store knows of at most {@link UserStore#MOST_AT_ONCE} users; may take longer than one. */
    public Mono<Map<Subject, StoredUser>> findAll(Collection<Subject> subjects) {
        return limited(
                Flux.defer(() -> store.findAll(subjects))
                        .doOnNext(this::learn)
                        .collectMap(found -> found.user().subject()),
                timeout.multipliedBy(LIMITS_OF_MANY));
    }

    private void learn(StoredUser user) {
        user.hash().ifPresent(hashes::seen);
    }

    /** The next question for this name goes to the store: what is remembered was changed through this node. */
    public void forget(Subject subject) {
        recent.invalidate(subject);
    }

    private StoreAnswer remembered(Subject subject, StoreAnswer answer) {
        recent.asMap().merge(subject, answer, (known, next) -> next.asked().isBefore(known.asked()) ? known : next);
        return answer;
    }

    /** Answers go on where signatures are made, and not on the threads of the store's connections. */
    private <T> Mono<T> limited(Mono<T> question, Duration limit) {
        return Mono.defer(() -> {
                    if (inFlight.incrementAndGet() > MOST_IN_FLIGHT) {
                        return Mono.<T>error(new RejectedExecutionException("too many questions to the store at once"));
                    }
                    return question.timeout(limit);
                })
                .doFinally(signal -> inFlight.decrementAndGet())
                .publishOn(Schedulers.parallel())
                .doOnSuccess(answer -> state.answered())
                .doOnError(state::failed)
                .transform(this::timed);
    }

    private <T> Mono<T> timed(Mono<T> question) {
        return Mono.defer(() -> {
            long begin = System.nanoTime();
            return question.doFinally(signal -> timer.record(Duration.ofNanos(System.nanoTime() - begin)));
        });
    }
}
