package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.OnRedisOutage;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How this node keeps its copy of the denylist, and what it does without one.
 *
 * @param readInterval How often the whole denylist is read, which makes up for lost messages
 * @param staleAfter From which age on the local denylist no longer answers alone and each request reads Redis
 * @param maxEntries Most entries of the local denylist, and most users in it; with more, each request reads Redis.
 *     About 160 bytes each
 * @param maxEnded Most ended sessions that a node remembers, in case Redis is restored from an older copy; about two
 *     bytes each
 * @param onRedisOutage What becomes of a valid access token while Redis cannot be read
 * @param allowFor How old the local denylist may be where {@code onRedisOutage} is {@code allow}
 * @param olderNodesFor In a cluster of Redis 7: how long changes are also published on the one channel of all shards
 *     after a node of an older version was last heard there
 */
@ConfigurationProperties("latchkey.denylist")
public record DenylistProperties(
        @DefaultValue("15s") Duration readInterval,
        @DefaultValue("3s") Duration staleAfter,
        @DefaultValue("2000000") int maxEntries,
        @DefaultValue("100000000") int maxEnded,
        @DefaultValue("deny") OnRedisOutage onRedisOutage,
        @DefaultValue("1m") Duration allowFor,
        @DefaultValue("10m") Duration olderNodesFor) {

    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
    private static final Duration SOONEST_STALE = Duration.ofSeconds(2);
    private static final Duration LATEST_STALE = Duration.ofMinutes(1);
    private static final Duration LONGEST_ALLOWED = Duration.ofHours(24);
    private static final int FEWEST = 1_000;
    private static final int MOST = 50_000_000;
    private static final int MOST_ENDED = 1_000_000_000;

    public DenylistProperties {
        between("read-interval", readInterval, SHORTEST_INTERVAL, LONGEST_INTERVAL);
        between("stale-after", staleAfter, SOONEST_STALE, LATEST_STALE);
        between("allow-for", allowFor, staleAfter, LONGEST_ALLOWED);
        between("older-nodes-for", olderNodesFor, Duration.ZERO, LONGEST_ALLOWED);
        Assert.isTrue(
                maxEntries >= FEWEST && maxEntries <= MOST,
                "latchkey.denylist.max-entries must lie between " + FEWEST + " and " + MOST);
        Assert.isTrue(
                maxEnded >= FEWEST && maxEnded <= MOST_ENDED,
                "latchkey.denylist.max-ended must lie between " + FEWEST + " and " + MOST_ENDED);
    }

    private static void between(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("latchkey.denylist." + name + " must lie between " + least.toSeconds()
                    + "s and " + most.toSeconds() + "s");
        }
    }

    /** Whether a token that the local denylist does not refuse is let through while Redis cannot be read. */
    boolean allowsAge(Duration age) {
        return onRedisOutage == OnRedisOutage.ALLOW && age.compareTo(allowFor) < 0;
    }
}
