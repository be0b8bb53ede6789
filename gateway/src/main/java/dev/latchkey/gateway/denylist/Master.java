package dev.latchkey.gateway.denylist;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * One of the servers that hold keys, and the way to it.
 *
 * @param name of anything but a cluster there is one master
 * @param beatKey where its last heartbeat stands
 */
record Master(String name, RedisClusterAsyncCommands<byte[], byte[]> commands, String beatKey) {}
