package dev.latchkey.gateway.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * One of the servers that hold keys, and the connection to it.
 *
 * @param name without a cluster, there is one master
 * @param key one of its keys, which identifies it: see {@link MasterKeys}
 */
public record Master(String name, RedisClusterAsyncCommands<byte[], byte[]> commands, String key) {}
