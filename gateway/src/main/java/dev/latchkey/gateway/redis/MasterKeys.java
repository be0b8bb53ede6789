package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A key for each master of a cluster, in one of its slots. All nodes that see the same cluster choose the same.
 *
 * @param prefix what each key begins with
 * @param tags hash tags, with their braces, whose slots must have a master; the first is used without a cluster
 */
public record MasterKeys(String prefix, List<String> tags) {

    /** Enough to find every master of a large cluster, even one that holds no slot of these tags. */
    private static final List<String> MORE =
            IntStream.range(0, 4096).mapToObj(number -> "{" + number + "}").toList();

    public MasterKeys {
        tags = List.copyOf(tags);
    }

    /** The key of the one master without a cluster. */
    public String alone() {
        return prefix + tags.get(0);
    }

    /** By the masters' ids; fails if one of the slots of these tags has no master now. */
    Map<String, String> of(Partitions cluster) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String tag : tags) {
            keys.putIfAbsent(owner(cluster, prefix + tag), prefix + tag);
        }
        for (String tag : MORE) {
            RedisClusterNode owner = cluster.getMasterBySlot(SlotHash.getSlot(prefix + tag));
            if (owner != null) {
                keys.putIfAbsent(owner.getNodeId(), prefix + tag);
            }
        }
        return keys;
    }

    /** The id of the master that holds a key, or a channel of a shard; fails if there is none now. */
    static String owner(Partitions cluster, String key) {
        RedisClusterNode owner = cluster.getMasterBySlot(SlotHash.getSlot(key));
        if (owner == null) {
            throw new RedisException("a slot of the cluster has no master");
        }
        return owner.getNodeId();
    }
}
