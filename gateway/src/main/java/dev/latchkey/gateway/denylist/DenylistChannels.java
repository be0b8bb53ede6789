package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * On which channels changes of the denylist are published. One channel for all would send every message of a cluster
 * through every shard, so where the servers can do it (Redis 7) each shard's changes have a channel of their own. A
 * node of an older version knows only the one channel: all nodes always listen there, and also publish there while such
 * a node is present.
 */
final class DenylistChannels {

    private final Duration olderNodesFor;
    private final LongSupplier nanos;
    private volatile boolean sharded;
    private volatile long olderHeard;

    /**
     * @param cluster whether there are shards
     * @param olderNodesFor how long a node of an older version counts as present after it was last heard; the start
     *     counts as well
     */
    DenylistChannels(boolean cluster, Duration olderNodesFor, LongSupplier nanos) {
        this.sharded = cluster;
        this.olderNodesFor = olderNodesFor;
        this.nanos = nanos;
        this.olderHeard = nanos.getAsLong();
    }

    /** Whether the servers' channels for shards work; in a cluster they are taken to work until one refuses. */
    void sharded(boolean works) {
        sharded = works;
    }

    void olderNodeHeard() {
        olderHeard = nanos.getAsLong();
    }

    private boolean isOlderNodeThere() {
        return nanos.getAsLong() - olderHeard < olderNodesFor.toNanos();
    }

    /** The argument of publish.lua. */
    String argument() {
        if (!sharded) {
            return "plain";
        }
        return isOlderNodeThere() ? "both" : "sharded";
    }

    /** The channels on which something may arrive that must not be missed. */
    Stream<Path> paths() {
        if (!sharded) {
            return Stream.of(Path.PLAIN);
        }
        return isOlderNodeThere() ? Stream.of(Path.values()) : Stream.of(Path.SHARDED);
    }

    /** The one channel, or those of the shards. */
    enum Path {
        PLAIN,
        SHARDED
    }
}
