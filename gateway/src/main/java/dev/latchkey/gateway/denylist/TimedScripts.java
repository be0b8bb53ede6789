package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.Master;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisClient.Acknowledged;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.redis.ScriptClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Runs the scripts that depend on the time. Behind its own arguments each takes the clock, and then on which channels
 * to publish what it changed. Its answer begins with the time by which it decided, which sets this node's clock.
 */
@Component
public final class TimedScripts {

    private static final String PUBLISH = "dev/latchkey/gateway/denylist/publish.lua";

    private final RedisClient redis;
    private final ScriptClock clock;
    private final RedisTime time;
    private final DenylistChannels channels;

    TimedScripts(RedisClient redis, ScriptClock clock, RedisTime time, DenylistChannels channels) {
        this.redis = redis;
        this.clock = clock;
        this.time = time;
        this.channels = channels;
    }

    /** Reads such a script, see {@link LuaScripts#read}; publish.lua is put before it. */
    public static RedisScript<?> read(String... resources) {
        return LuaScripts.timed(
                List.class,
                Stream.concat(Stream.of(PUBLISH), Stream.of(resources)).toArray(String[]::new));
    }

    /** Fails on any trouble with Redis. */
    public Mono<ScriptAnswer> run(RedisScript<?> script, List<String> keys, Object... arguments) {
        return Mono.defer(() -> {
            Instant asked = time.asking();
            return redis.run(script, keys, texts(arguments)).map(parts -> learned(asked, parts));
        });
    }

    /**
     * The same for what must not be lost in a failover: see {@link RedisClient#runAcknowledged}. The script must be one
     * that may be sent twice.
     */
    public Mono<Acknowledged<ScriptAnswer>> runAcknowledged(
            RedisScript<?> script, List<String> keys, Object... arguments) {
        return Mono.defer(() -> {
            Instant asked = time.asking();
            return redis.runAcknowledged(script, keys, texts(arguments))
                    .map(acknowledged -> acknowledged.map(parts -> learned(asked, parts)));
        });
    }

    /** Whether the master that holds these keys, all in one slot, has replicas that writes can be waited for. */
    public Mono<Boolean> haveReplica(List<String> keys) {
        return redis.haveReplica(keys);
    }

    /** As {@link #run}, on one master, whose slot the key is in. */
    Mono<ScriptAnswer> runOn(Master master, RedisScript<?> script, String key, Object... arguments) {
        return Mono.defer(() -> {
            Instant asked = time.asking();
            return redis.runOn(master, script, key, texts(arguments)).map(parts -> learned(asked, parts));
        });
    }

    private List<String> texts(Object... arguments) {
        List<String> texts = new ArrayList<>(arguments.length + 2);
        for (Object argument : arguments) {
            texts.add(String.valueOf(argument));
        }
        texts.add(clock.argument());
        texts.add(channels.argument());
        return texts;
    }

    private ScriptAnswer learned(Instant asked, Object parts) {
        ScriptAnswer answer = new ScriptAnswer((List<?>) parts);
        time.learn(asked, answer.now());
        return answer;
    }
}
