package dev.latchkey.gateway.redis;

import java.util.List;

/**
 * What is published by scripts and heard by every node.
 *
 * @param shared the one channel that all nodes share
 * @param sharded the channels of shards (Redis 7, {@code SPUBLISH}): each is named as the key whose changes it tells
 * @param masters a key for each master, named as a channel on which that master is heard
 * @param noNews a message that changes nothing, to try whether one may publish
 */
public record Channels(String shared, List<String> sharded, MasterKeys masters, String noNews) {

    public Channels {
        sharded = List.copyOf(sharded);
    }
}
