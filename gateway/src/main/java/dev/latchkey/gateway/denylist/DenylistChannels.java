package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * On which channels changes of the denylist are published. One channel for all would send every message of a cluster
 * through every shard, so where the servers can do it (Redis 7) each shard's changes have a channel of their own. A
 * node of an older version knows only the one channel, and one whose user may not join the others, or that failed to,
 * listens there alone: all nodes always listen there, and also publish there while such a node is present.
 */
final class DenylistChannels {

    /** How a node of a cluster publishes that listens on the one channel alone; its heartbeats say so. */
    static final String UNSHARDED = "unsharded";

    /** How long such a node counts as present after its last heartbeat; there is one a second at least. */
    private static final Duration UNSHARDED_FOR = Duration.ofMinutes(1);

    private final String plain;
    private final Duration olderNodesFor;
    private final LongSupplier nanos;
    private volatile boolean sharded;
    private volatile long olderHeard;
    private volatile long unshardedHeard;

    /**
     * @param cluster whether there are shards
     * @param shared the one channel
     * @param olderNodesFor how long a node of an older version counts as present after it was last heard; the start
     *     counts as well
     */
    DenylistChannels(boolean cluster, String shared, Duration olderNodesFor, LongSupplier nanos) {
        this.sharded = cluster;
        this.plain = cluster ? UNSHARDED : "plain" + shared.substring(DenylistKeys.CHANNEL.length());
        this.olderNodesFor = olderNodesFor;
        this.nanos = nanos;
        this.olderHeard = nanos.getAsLong();
        this.unshardedHeard = olderHeard - UNSHARDED_FOR.toNanos();
    }

    /** Whether the servers' channels for shards work; in a cluster they are taken to work until one refuses. */
    void sharded(boolean works) {
        sharded = works;
    }

    void olderNodeHeard() {
        olderHeard = nanos.getAsLong();
    }

    void unshardedNodeHeard() {
        unshardedHeard = nanos.getAsLong();
    }

    private boolean isOneChannelNeeded() {
        long now = nanos.getAsLong();
        return now - olderHeard < olderNodesFor.toNanos() || now - unshardedHeard < UNSHARDED_FOR.toNanos();
    }

    /** The argument of publish.lua. */
    String argument() {
        if (!sharded) {
            return plain;
        }
        return isOneChannelNeeded() ? "both" : "sharded";
    }

    /** The channels on which something may arrive that must not be missed. */
    Stream<Path> paths() {
        if (!sharded) {
            return Stream.of(Path.PLAIN);
        }
        return isOneChannelNeeded() ? Stream.of(Path.values()) : Stream.of(Path.SHARDED);
    }

    /** The one channel, or those of the shards. */
    enum Path {
        PLAIN,
        SHARDED
    }
}
