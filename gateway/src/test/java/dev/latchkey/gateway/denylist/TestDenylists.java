package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.OnRedisOutage;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.redis.ScriptClock;
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

    private static final DenylistRepair NO_REPAIR = (session, entry) -> Mono.empty();

    private TestDenylists() {}

    /** Asks Redis each time; the clock learns from each answer, as that of a node does. */
    public static Denylist unsynchronized(RedisClient redis, RedisTime time) {
        return new Denylist(empty(), inRedis(redis, time), ended(redis, time, new HashReader(redis)), PROPERTIES, time);
    }

    /** The copy of a node that has heard nothing. */
    static LocalDenylist empty() {
        return new LocalDenylist(
                LIFE, Duration.ZERO, MANY, new Freshness(Duration.ofSeconds(3), System::nanoTime), List.of());
    }

    /** Reads all into a copy, and writes nothing back. */
    static FullSync reader(RedisClient redis, RedisTime time, LocalDenylist local) {
        HashReader hashes = new HashReader(redis);
        return new FullSync(inRedis(redis, time), local, NO_REPAIR, ended(redis, time, hashes), hashes, time);
    }

    private static EndedSessions ended(RedisClient redis, RedisTime time, HashReader hashes) {
        return new EndedSessions(redis, scripts(redis, time), NO_REPAIR, hashes, time, TOKENS, PROPERTIES);
    }

    /** That remember nothing yet, by this clock. */
    static EndedSessions ended(RedisClient redis, RedisTime time, ScriptClock clock) {
        TimedScripts scripts = scripts(redis, time, clock);
        return new EndedSessions(redis, scripts, NO_REPAIR, new HashReader(redis), time, TOKENS, PROPERTIES);
    }

    static RedisDenylist inRedis(RedisClient redis, RedisTime time) {
        return new RedisDenylist(redis, scripts(redis, time), new SessionProperties(LIFE, LIFE), TOKENS);
    }

    private static TimedScripts scripts(RedisClient redis, RedisTime time) {
        return scripts(redis, time, () -> "");
    }

    private static TimedScripts scripts(RedisClient redis, RedisTime time, ScriptClock clock) {
        DenylistChannels channels = new DenylistChannels(false, DenylistKeys.CHANNEL, Duration.ZERO, System::nanoTime);
        return new TimedScripts(redis, clock, time, channels);
    }
}
