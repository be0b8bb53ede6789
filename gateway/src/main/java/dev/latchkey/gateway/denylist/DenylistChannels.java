package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * On which channels changes of the denylist are told. One channel for all would have every message of a cluster pass
 * every shard, so where the servers can do it (Redis 7) each shard's changes have a channel of their own. A node of an
 * older version hears only the one, and tells its own changes there: all nodes listen there always, and speak there
 * while such a node was heard.
 */
final class DenylistChannels {

    private final Duration olderNodesFor;
    private final LongSupplier nanos;
    private volatile boolean sharded;
    private volatile long olderHeard;

    /**
     * @param cluster whether there are shards
     * @param olderNodesFor how long a node of an older version counts after it was heard; at first as if one had been
     */
    DenylistChannels(boolean cluster, Duration olderNodesFor, LongSupplier nanos) {
        this.sharded = cluster;
        this.olderNodesFor = olderNodesFor;
        this.nanos = nanos;
        this.olderHeard = nanos.getAsLong();
    }

    /** Whether the servers' own channels for shards work; of a cluster that is believed until one refuses. */
    void sharded(boolean works) {
        sharded = works;
    }

    void olderNodeHeard() {
        olderHeard = nanos.getAsLong();
    }

    private boolean isOlderNodeThere() {
        return nanos.getAsLong() - olderHeard < olderNodesFor.toNanos();
    }

    /** What the scripts are told, by publish.lua. */
    String argument() {
        if (!sharded) {
            return "plain";
        }
        return isOlderNodeThere() ? "both" : "sharded";
    }

    /** By which channels something may come that must not be missed. */
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
