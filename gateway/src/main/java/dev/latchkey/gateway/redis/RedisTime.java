package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * This node's clock corrected by what Redis last said, so that a node whose clock is slow does not accept a token after
 * its denylist entry has expired. Until the first answer of Redis it is the node's own clock.
 */
public final class RedisTime implements InstantSource {

    private final InstantSource nodeClock;
    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    public RedisTime(InstantSource nodeClock) {
        this.nodeClock = nodeClock;
    }

    /** The node's own time, to be noted before a command is sent; see {@link #learn}. */
    public Instant asking() {
        return nodeClock.instant();
    }

    /**
     * Corrects the clock by the time in an answer. Redis read its clock some time between command and answer; an offset
     * that agrees with that stays, so that a slow answer does not set this clock back.
     *
     * @param asked what {@link #asking} said before the question was sent
     */
    public void learn(Instant asked, Instant redisNow) {
        Duration most = Duration.between(asked, redisNow);
        Duration least = Duration.between(nodeClock.instant(), redisNow);
        offset.updateAndGet(known -> within(known, least, most));
    }

    private static Duration within(Duration known, Duration least, Duration most) {
        if (known.compareTo(least) < 0) {
            return least;
        }
        return known.compareTo(most) > 0 ? most : known;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /** As {@link #instant}, without making an object. */
    @Override
    public long millis() {
        return nodeClock.millis() + Objects.requireNonNull(offset.get()).toMillis();
    }
}
