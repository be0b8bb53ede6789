package dev.latchkey.gateway.redis;

import io.lettuce.core.cluster.models.partitions.Partitions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What scripts publish and every node hears.
 *
 * @param shared the one channel that all nodes share which use the same database
 * @param sharded the channels of shards (Redis 7, {@code SPUBLISH}): each is named after the key whose changes it
 *     carries
 * @param masters a key for each master, which is also the name of a channel for that master
 * @param noNews a message that changes nothing, to find out whether this user may publish
 */
public record Channels(String shared, List<String> sharded, MasterKeys masters, String noNews) {

    public Channels {
        sharded = List.copyOf(sharded);
    }

    /** Names for the database that these connections use: a server has each channel once for all its databases. */
    public Channels in(RedisConnectionFactory connections) {
        int database = connections instanceof LettuceConnectionFactory lettuce ? lettuce.getDatabase() : 0;
        return database == 0 ? this : new Channels(shared + ":" + database, sharded, masters, noNews);
    }

    /** The channels of shards and of masters, by the id of the master whose slots they are in. */
    public Map<String, List<String>> places(Partitions cluster) {
        return Stream.concat(sharded.stream(), masters.of(cluster).values().stream())
                .collect(Collectors.groupingBy(
                        channel -> MasterKeys.owner(cluster, channel), TreeMap::new, Collectors.toList()));
    }
}
