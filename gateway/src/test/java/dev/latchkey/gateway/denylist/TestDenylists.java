package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import java.time.Duration;
import java.util.List;

/** Denylists that no synchronizer keeps up to date, so that each question goes to Redis. */
public final class TestDenylists {

    private static final Duration LIFE = Duration.ofDays(30);
    private static final int MANY = 1_000;

    private TestDenylists() {}

    /** Asks Redis each time; the clock learns from each answer, as that of a node does. */
    public static Denylist unsynchronized(RedisClient redis, RedisTime time) {
        LocalDenylist known = new LocalDenylist(
                new LocalEntries(LIFE, MANY), new Freshness(Duration.ofSeconds(3), System::nanoTime), List.of());
        EndedSessions ended = new EndedSessions(redis, time, MANY);
        return new SynchronizedDenylist(known, inRedis(redis, time), ended, new OutagePolicy.Deny(), time);
    }

    static RedisDenylist inRedis(RedisClient redis, RedisTime time) {
        DenylistChannels channels = new DenylistChannels(false, Duration.ZERO, System::nanoTime);
        return new RedisDenylist(redis, new TimedScripts(redis, () -> "", time, channels), LIFE);
    }
}
