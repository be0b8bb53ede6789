package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.OnRedisOutage;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** Denylists that no synchronizer keeps up to date, so that each question goes to Redis. */
public final class TestDenylists {

    private static final Duration LIFE = Duration.ofDays(30);
    private static final int MANY = 1_000;
    private static final DenylistProperties PROPERTIES = new DenylistProperties(
            Duration.ofSeconds(15),
            Duration.ofSeconds(3),
            MANY,
            MANY,
            OnRedisOutage.DENY,
            Duration.ofMinutes(1),
            Duration.ZERO);

    private static final TokenProperties TOKENS = new TokenProperties(Duration.ofHours(1));

    private TestDenylists() {}

    /** Asks Redis each time; the clock learns from each answer, as that of a node does. */
    public static Denylist unsynchronized(RedisClient redis, RedisTime time) {
        Freshness never = new Freshness(Duration.ofSeconds(3), System::nanoTime);
        LocalDenylist local = new LocalDenylist(LIFE, MANY, never, List.of());
        TimedScripts scripts = scripts(redis, time);
        EndedSessions ended = new EndedSessions(
                redis, scripts, (session, entry) -> Mono.empty(), new HashReader(redis), time, TOKENS, PROPERTIES);
        return new Denylist(local, inRedis(redis, time), ended, PROPERTIES, time);
    }

    static RedisDenylist inRedis(RedisClient redis, RedisTime time) {
        return new RedisDenylist(redis, scripts(redis, time), new SessionProperties(LIFE, LIFE), TOKENS);
    }

    private static TimedScripts scripts(RedisClient redis, RedisTime time) {
        DenylistChannels channels = new DenylistChannels(false, Duration.ZERO, System::nanoTime);
        return new TimedScripts(redis, () -> "", time, channels);
    }
}
