package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.pubsub.ChannelSubscription;
import dev.latchkey.gateway.redis.pubsub.ClusterSubscriptions;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/**
 * Keeps the local denylist up to date: stays subscribed to the channel, sends heartbeats, and reads the whole denylist
 * at an interval and after each new subscription. It has a thread of its own, because joining a channel blocks.
 */
final class DenylistSynchronizer implements SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(DenylistSynchronizer.class);

    /** Twice as often as a heartbeat passes, so that a confirmation is never older than both intervals together. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    /** A channel without a heartbeat for this long may depend on a server that is gone. */
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(4);

    /** How often is read, at least, while there is no room for all: entries end in minutes. */
    private static final Duration WHILE_FULL = Duration.ofSeconds(15);

    /** Each failed attempt to join ends connections, and each end of one would start the next attempt at once. */
    private static final Duration BETWEEN_FAILURES = Duration.ofSeconds(1);

    private final Freshness freshness;
    private final ChannelSubscription channel;
    private final ClusterSubscriptions cluster;
    private final Heartbeat heartbeat;
    private final FullSync fullSync;
    private final Duration readInterval;
    private final LongSupplier nanos;
    private final Flux<?> disconnections;
    private final Disposable.Swap watch = Disposables.swap();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, DenylistSynchronizer::daemon, new DiscardPolicy());
    private final AtomicBoolean isQueued = new AtomicBoolean();
    private final AtomicBoolean isReading = new AtomicBoolean();
    private volatile long lastRead;
    private volatile long lastHeard;
    private long nextJoin;
    private volatile boolean running;

    /** @param disconnections an event each time a connection to Redis breaks */
    DenylistSynchronizer(
            Freshness freshness,
            ChannelSubscription channel,
            ClusterSubscriptions cluster,
            Heartbeat heartbeat,
            FullSync fullSync,
            Duration readInterval,
            Flux<?> disconnections,
            LongSupplier nanos) {
        this.freshness = freshness;
        this.channel = channel;
        this.cluster = cluster;
        this.heartbeat = heartbeat;
        this.fullSync = fullSync;
        this.readInterval = readInterval;
        this.disconnections = disconnections;
        this.nanos = nanos;
    }

    @Override
    public void start() {
        running = true;
        lastHeard = nanos.getAsLong();
        nextJoin = lastHeard;
        channel.listen(this::joined, this::heard);
        cluster.listen(this::joined);
        watch.update(disconnections.subscribe(event -> disconnected()));
        var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        watch.dispose();
        thread.shutdownNow();
        channel.close();
        cluster.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A connection to Redis broke; which one does not matter. */
    private void disconnected() {
        freshness.suspect();
        lookSoon();
    }

    private void joined() {
        freshness.joined();
        lookSoon();
    }

    private void heard() {
        lastHeard = nanos.getAsLong();
    }

    /** Confirms the local denylist again as soon as possible, and not only at the next interval. */
    private void lookSoon() {
        if (running && isQueued.compareAndSet(false, true)) {
            thread.execute(this::look);
        }
    }

    /** An exception would end the schedule. Heartbeats are also sent while a channel cannot be joined. */
    private void look() {
        isQueued.set(false);
        heartbeat.send().subscribe();
        if (nanos.getAsLong() - nextJoin < 0) {
            return;
        }
        try {
            stayOnChannel();
            readIfDue();
        } catch (RuntimeException failure) {
            nextJoin = nanos.getAsLong() + BETWEEN_FAILURES.toNanos();
            LOGGER.debug(
                    "denylist: the channel cannot be joined ({})",
                    failure.getClass().getSimpleName());
        }
    }

    private void stayOnChannel() {
        if (nanos.getAsLong() - lastHeard > HEARTBEAT_TIMEOUT.toNanos()) {
            lastHeard = nanos.getAsLong();
            channel.close();
        }
        channel.join();
        cluster.join();
    }

    /**
     * Reads if it would be late at the next look. Subscribes here on purpose: no request waits for a reading, and one
     * at a time is enough.
     */
    private void readIfDue() {
        Duration interval =
                freshness.isComplete() || readInterval.compareTo(WHILE_FULL) < 0 ? readInterval : WHILE_FULL;
        boolean isDue =
                freshness.isReadingDue() || nanos.getAsLong() - lastRead + LOOK_INTERVAL.toNanos() > interval.toNanos();
        if (isDue && isReading.compareAndSet(false, true)) {
            lastRead = nanos.getAsLong();
            fullSync.read()
                    .onErrorComplete()
                    .doFinally(signal -> isReading.set(false))
                    .subscribe();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "latchkey-denylist");
        thread.setDaemon(true);
        return thread;
    }
}
