package dev.latchkey.gateway.denylist;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * One of the servers that hold keys, and the way to it.
 *
 * @param name without a comma; of anything but a cluster there is one master
 */
record Master(String name, RedisClusterAsyncCommands<byte[], byte[]> commands) {}
