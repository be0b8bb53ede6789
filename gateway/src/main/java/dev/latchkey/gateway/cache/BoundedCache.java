package dev.latchkey.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.time.Duration;

/** Caches with a bound of memory, whose hits and misses are meters. */
public final class BoundedCache {

    /** What an entry takes besides its key and value, in bytes: the nodes of Caffeine and of its hash table. */
    public static final int ENTRY_BYTES = 104;

    private BoundedCache() {}

    /**
     * A cache of this much memory.
     *
     * @param name of the meters, as the tag {@code cache}
     * @param bytes of all entries together
     * @param life after which an entry is removed, counted from its last write
     * @param weigher says how many bytes an entry takes, {@link #ENTRY_BYTES} included
     */
    public static <K, V> Cache<K, V> of(
            String name, long bytes, Duration life, Weigher<K, V> weigher, MeterRegistry meters) {
        Cache<K, V> cache = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher(weigher)
                .expireAfterWrite(life)
                .recordStats()
                .build();
        return CaffeineCacheMetrics.monitor(meters, cache, name);
    }
}
