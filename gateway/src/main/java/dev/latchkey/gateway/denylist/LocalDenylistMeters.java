package dev.latchkey.gateway.denylist;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;

/** The mirror's age and size, read when they are asked for. */
final class LocalDenylistMeters implements MeterBinder {

    private static final String ENTRIES = "latchkey.denylist.entries";

    private final LocalDenylistReport mirror;

    LocalDenylistMeters(LocalDenylistReport mirror) {
        this.mirror = mirror;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        TimeGauge.builder("latchkey.denylist.age", () -> mirror.age().toMillis(), TimeUnit.MILLISECONDS)
                .description("How long ago this node's view of the denylist was last proven whole")
                .register(registry);
        Gauge.builder("latchkey.denylist.fresh", () -> mirror.isFresh() ? 1 : 0)
                .description("1 while this node's view answers alone, 0 while each request reads Redis")
                .register(registry);
        Gauge.builder(ENTRIES, mirror::sessions)
                .description("What this node's view of the denylist holds")
                .tag("kind", "session")
                .register(registry);
        Gauge.builder(ENTRIES, mirror::users)
                .description("What this node's view of the denylist holds")
                .tag("kind", "user")
                .register(registry);
        Gauge.builder("latchkey.denylist.ended", mirror::ended)
                .description("Sessions that have ended and are remembered until they would have ended by themselves")
                .register(registry);
        Gauge.builder("latchkey.denylist.restored.shards", mirror::restoredShards)
                .description("Shards of 256 in which Redis was restored from a copy older than an end of a session")
                .register(registry);
        Gauge.builder("latchkey.denylist.unreadable", mirror::unreadable)
                .description("Entries of the denylist in Redis that cannot be read and are skipped")
                .register(registry);
    }
}
