package dev.latchkey.gateway.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * One of the servers that hold keys, and the way to it.
 *
 * @param name of anything but a cluster there is one master
 * @param key one of its keys, by which it is told from others: see {@link MasterKeys}
 */
public record Master(String name, RedisClusterAsyncCommands<byte[], byte[]> commands, String key) {}
