package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.provider.Metadata.Read;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.provider.transport.Sent.Answered;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads what providers say of themselves, in the background: one that is away when the gateway starts is asked again
 * after one second, two, four and so on up to a minute, and once an hour when it has answered.
 */
final class Discovery implements SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(Discovery.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration ANEW = Duration.ofHours(1);
    private static final int MOST_DOUBLED = 6;
    private static final int OK = 200;

    private final Providers providers;
    private final ProviderKeys keys;
    private final Scheduler scheduler;
    private volatile Disposable.Composite running = Disposables.composite();

    Discovery(Providers providers, ProviderKeys keys, Scheduler scheduler) {
        this.providers = providers;
        this.keys = keys;
        this.scheduler = scheduler;
    }

    @Override
    public void start() {
        running = Disposables.composite();
        providers.all().forEach(provider -> running.add(follow(provider)));
    }

    @Override
    public void stop() {
        running.dispose();
    }

    @Override
    public boolean isRunning() {
        return !running.isDisposed() && running.size() > 0;
    }

    /** Nobody waits for it: what comes of it is the provider's state. */
    private Disposable follow(Provider provider) {
        AtomicInteger failures = new AtomicInteger();
        return Mono.defer(() -> read(provider))
                .flatMap(isGood -> Mono.delay(next(failures, isGood), scheduler))
                .repeat()
                .subscribeOn(scheduler)
                .subscribe();
    }

    private static Duration next(AtomicInteger failures, boolean isGood) {
        int number = isGood ? failures.getAndSet(0) : failures.getAndUpdate(count -> Math.min(count + 1, MOST_DOUBLED));
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << number);
        Duration pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        Duration time = isGood ? ANEW : pause;
        return time.minusMillis(ThreadLocalRandom.current().nextLong(time.toMillis() / 5));
    }

    /** Reads it now; whether it is good. */
    private Mono<Boolean> read(Provider provider) {
        ProviderSettings settings = provider.settings();
        return provider.transport()
                .get(settings.discovery(), settings.callTimeout())
                .map(sent -> learn(provider, sent))
                .flatMap(isGood -> isGood ? keys.warm(provider).thenReturn(true) : Mono.just(false))
                .onErrorResume(unexpected -> {
                    LOGGER.error("The metadata of provider {} could not be read", provider.name(), unexpected);
                    return Mono.just(false);
                });
    }

    private static boolean learn(Provider provider, Sent sent) {
        Read read = sent.fold(
                answer -> read(provider, answer),
                lost -> new Read(null, "its metadata did not come (" + lost.how() + ")"),
                unsent -> new Read(null, "it cannot be reached (" + unsent.why() + ")"));
        boolean wasReady = provider.isReady();
        Metadata metadata = read.metadata();
        if (metadata == null) {
            if (!provider.trouble().equals(Optional.of(read.fault()))) {
                LOGGER.warn("Provider {}: {}", provider.name(), read.fault());
            }
            provider.miss(read.fault());
            return false;
        }
        provider.learn(metadata);
        if (!wasReady) {
            LOGGER.info("Provider {}: users can sign in with it", provider.name());
        }
        return true;
    }

    private static Read read(Provider provider, Answered answer) {
        return answer.status() == OK && answer.isJson()
                ? Metadata.read(answer.body(), provider.settings())
                : new Read(null, "its metadata is not there (status " + answer.status() + ")");
    }
}
