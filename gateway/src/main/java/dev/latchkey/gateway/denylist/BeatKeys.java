package dev.latchkey.gateway.denylist;

import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A key for the heartbeats of each master of a cluster, in one of its slots. All nodes that see the same cluster choose
 * the same.
 */
final class BeatKeys {

    /** Of a Redis that is no cluster. */
    static final String ALONE = DenylistKeys.beat(new Shard(0).tag());

    /** In the slots of the denylist's own keys: the server that holds one of these must be heard. */
    private static final List<Key> OF_DENYLIST = Stream.concat(
                    IntStream.range(0, Shard.COUNT).mapToObj(number -> new Shard(number).tag()),
                    Stream.of("{" + DenylistKeys.DENIED_USERS + "}"))
            .map(Key::tagged)
            .toList();

    /** Enough to meet every master of a large cluster, too, which may hold none of the denylist's keys. */
    private static final List<Key> MORE = IntStream.range(0, 4096)
            .mapToObj(number -> Key.tagged("{" + number + "}"))
            .toList();

    private BeatKeys() {}

    /** By the masters' ids; fails where a slot of the denylist has no master now, for then not all can be heard. */
    static Map<String, String> of(Partitions cluster) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (Key key : OF_DENYLIST) {
            RedisClusterNode owner = cluster.getMasterBySlot(key.slot());
            if (owner == null) {
                throw new RedisException("a slot of the cluster has no master");
            }
            keys.putIfAbsent(owner.getNodeId(), key.name());
        }
        for (Key key : MORE) {
            RedisClusterNode owner = cluster.getMasterBySlot(key.slot());
            if (owner != null) {
                keys.putIfAbsent(owner.getNodeId(), key.name());
            }
        }
        return keys;
    }

    private record Key(String name, int slot) {

        static Key tagged(String tag) {
            String name = DenylistKeys.beat(tag);
            return new Key(name, SlotHash.getSlot(name));
        }
    }
}
