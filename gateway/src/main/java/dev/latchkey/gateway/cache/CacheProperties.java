package dev.latchkey.gateway.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How much memory a node uses to remember tokens.
 *
 * @param memory Memory for verified access tokens, signed identity tokens and confirmed generations, about a kilobyte a
 *     live session: 1 MB to three quarters of the heap; 46 % of the heap if not set
 */
@ConfigurationProperties("latchkey.caches")
public record CacheProperties(@Nullable DataSize memory) {

    private static final DataSize LEAST = DataSize.ofMegabytes(1);
    private static final int MOST_PERCENT = 75;
    private static final int DEFAULT_PERCENT = 46;

    private static final int ACCESS_PERCENT = 31;
    private static final int IDENTITY_PERCENT = 58;
    private static final int CONFIRMED_PERCENT = 11;

    public CacheProperties {
        if (memory != null && (memory.compareTo(LEAST) < 0 || memory.toBytes() > ofHeap(MOST_PERCENT))) {
            throw new IllegalArgumentException(
                    "latchkey.caches.memory must lie between 1MB and three quarters of the heap");
        }
    }

    /** For verified access tokens, in bytes. */
    public long accessTokens() {
        return percent(total(), ACCESS_PERCENT);
    }

    /** For signed identity tokens, in bytes. */
    public long identityTokens() {
        return percent(total(), IDENTITY_PERCENT);
    }

    /** For confirmed generations of sessions, in bytes. */
    public long confirmed() {
        return percent(total(), CONFIRMED_PERCENT);
    }

    private long total() {
        return memory == null ? ofHeap(DEFAULT_PERCENT) : memory.toBytes();
    }

    private static long ofHeap(int percent) {
        return percent(Runtime.getRuntime().maxMemory(), percent);
    }

    private static long percent(long bytes, int percent) {
        return bytes / 100 * percent;
    }
}
