package dev.latchkey.gateway.denylist;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** How fresh and how large this node's copy of the denylist is, for operators; read when it is asked for. */
@Component
public final class LocalDenylistReport implements MeterBinder {

    private final LocalDenylist local;
    private final EndedSessions ended;
    private final HashReader hashes;

    LocalDenylistReport(LocalDenylist local, EndedSessions ended, HashReader hashes) {
        this.local = local;
        this.ended = ended;
        this.hashes = hashes;
    }

    /** Whether the copy answers alone; otherwise each request reads Redis. */
    public boolean isFresh() {
        return local.freshness().isFresh();
    }

    /** How long ago the copy was last known to be complete. */
    public Duration age() {
        return local.freshness().age();
    }

    /** How many sessions have an entry. */
    public int sessions() {
        return local.sessions();
    }

    /** How many users have a {@code notBefore}. */
    public int users() {
        return local.users();
    }

    /** How many sessions that have ended are remembered until they would have ended by themselves. */
    public int ended() {
        return ended.size();
    }

    /** In how many of the shards Redis was found to have lost tombstones: it was restored from an older copy. */
    public int restoredShards() {
        return ended.losses();
    }

    /** How many entries there are in Redis that cannot be read. */
    public int unreadable() {
        return hashes.unreadable();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        TimeGauge.builder("latchkey.denylist.age", () -> age().toMillis(), TimeUnit.MILLISECONDS)
                .description("How long ago this node's copy of the denylist was last confirmed to be complete")
                .register(registry);
        gauge(
                        "fresh",
                        () -> isFresh() ? 1 : 0,
                        "1 while this node's copy answers alone, 0 while each request reads Redis")
                .register(registry);
        gauge("entries", this::sessions, "How many entries this node's copy of the denylist holds")
                .tag("kind", "session")
                .register(registry);
        gauge("entries", this::users, "How many entries this node's copy of the denylist holds")
                .tag("kind", "user")
                .register(registry);
        gauge(
                        "ended",
                        this::ended,
                        "Sessions that have ended and are remembered until they would have ended by themselves")
                .register(registry);
        gauge(
                        "restored.shards",
                        this::restoredShards,
                        "Shards of 256 in which Redis was restored from a copy older than an end of a session")
                .register(registry);
        gauge("unreadable", this::unreadable, "Entries of the denylist in Redis that cannot be read and are skipped")
                .register(registry);
    }

    private static Gauge.Builder<Supplier<Number>> gauge(String name, Supplier<Number> value, String description) {
        return Gauge.builder("latchkey.denylist." + name, value).description(description);
    }
}
