package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * This node's clock corrected by what Redis last said, so that a slow node does not outlive a denylist entry. Until
 * Redis answers for the first time it is the node's own clock.
 */
public final class RedisTime implements InstantSource {

    private final InstantSource nodeClock;
    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    public RedisTime(InstantSource nodeClock) {
        this.nodeClock = nodeClock;
    }

    /** Takes up what an answer of Redis said of the time. */
    public void learn(Instant redisNow) {
        offset.set(Duration.between(nodeClock.instant(), redisNow));
    }

    @Override
    public Instant instant() {
        return nodeClock.instant().plus(offset.get());
    }
}
