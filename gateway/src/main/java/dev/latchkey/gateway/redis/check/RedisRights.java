package dev.latchkey.gateway.redis.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.Master;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Tries each command that the gateway uses, on keys that live for a minute at most: a user who may not read the ACL has
 * no other way to find out what it allows.
 */
final class RedisRights {

    private static final long MINUTE_MILLIS = 60_000;
    private static final String SCRIPT = "return 1";
    private static final byte[] FIELD = "field".getBytes(UTF_8);
    private static final byte[] VALUE = "1".getBytes(UTF_8);

    private static final String NO_RIGHT = "NOPERM";

    private final RedisClusterAsyncCommands<byte[], byte[]> redis;
    private final byte[] channel;
    private final byte[] noNews;
    private final byte[] key;
    private final byte[] text;
    private final byte[] stream;

    /** @param master the one to ask; the keys are in one of its slots */
    RedisRights(Master master, Channels channels) {
        this.channel = channels.shared().getBytes(UTF_8);
        this.noNews = channels.noNews().getBytes(UTF_8);
        String prefix = "latchkey:check:" + master.key().substring(master.key().indexOf('{')) + ":";
        this.redis = master.commands();
        this.key = (prefix + UUID.randomUUID()).getBytes(UTF_8);
        this.text = (prefix + UUID.randomUUID()).getBytes(UTF_8);
        this.stream = (prefix + UUID.randomUUID()).getBytes(UTF_8);
    }

    /** A sentence for each command that is refused. */
    List<String> missing() {
        return tries().stream()
                .flatMap(one -> refusal(one.getValue().get()).map(why -> refused(one.getKey(), why)).stream())
                .toList();
    }

    /** A sentence if SUBSCRIBE is refused, which takes a connection of its own. */
    static Optional<String> missing(RedisConnectionFactory connections, Channels channels) {
        try (RedisConnection connection = connections.getConnection()) {
            connection.subscribe((message, pattern) -> {}, channels.shared().getBytes(UTF_8));
            return Optional.empty();
        } catch (RuntimeException refused) {
            return Optional.of(refused("SUBSCRIBE", sentence(refused)));
        }
    }

    /**
     * The same for channels of shards, which the gateway can do without, but less efficiently. Empty if the servers do
     * not have them.
     *
     * @param sharded some of the shards that the master holds
     * @param listener a connection to it
     */
    List<String> wanted(List<String> sharded, RedisPubSubAsyncCommands<String, String> listener) {
        return sharded.stream()
                .flatMap(name -> Stream.of(
                                refusal(redis.spublish(name.getBytes(UTF_8), noNews))
                                        .map(why -> refused("SPUBLISH", why)),
                                refusal(listener.ssubscribe(name)).map(why -> refused("SSUBSCRIBE", why)))
                        .flatMap(Optional::stream))
                .filter(why -> why.contains(NO_RIGHT))
                .map(why -> why + "; until it may, each message passes every shard")
                .distinct()
                .toList();
    }

    private static String refused(String command, String why) {
        return "it refuses " + command + ": " + why;
    }

    private List<Map.Entry<String, Supplier<RedisFuture<?>>>> tries() {
        return List.of(
                Map.entry("PING", redis::ping),
                Map.entry("TIME", redis::time),
                Map.entry("INFO", () -> redis.info("memory")),
                Map.entry("COMMAND", () -> redis.commandInfo("GET")),
                Map.entry("DBSIZE", redis::dbsize),
                Map.entry("RANDOMKEY", redis::randomkey),
                Map.entry("WAIT", () -> redis.waitForReplication(0, 1)),
                Map.entry("EVAL", () -> redis.eval(SCRIPT, ScriptOutputType.INTEGER, key)),
                Map.entry("EVALSHA", () -> redis.evalsha(redis.digest(SCRIPT), ScriptOutputType.INTEGER, key)),
                Map.entry("SET", () -> redis.set(text, VALUE, SetArgs.Builder.px(MINUTE_MILLIS))),
                Map.entry("GET", () -> redis.get(text)),
                Map.entry("HSET", () -> redis.hset(key, FIELD, VALUE)),
                Map.entry("PEXPIRE", () -> redis.pexpire(key, MINUTE_MILLIS)),
                Map.entry("PTTL", () -> redis.pttl(key)),
                Map.entry("HGET", () -> redis.hget(key, FIELD)),
                Map.entry("HGETALL", () -> redis.hgetall(key)),
                Map.entry("HLEN", () -> redis.hlen(key)),
                Map.entry("HINCRBY", () -> redis.hincrby(key, FIELD, 1)),
                Map.entry("HRANDFIELD", () -> redis.hrandfield(key)),
                Map.entry("HSCAN", () -> redis.hscan(key)),
                Map.entry("HDEL", () -> redis.hdel(key, FIELD)),
                Map.entry("XADD", () -> redis.xadd(stream, FIELD, VALUE)),
                Map.entry("PEXPIRE", () -> redis.pexpire(stream, MINUTE_MILLIS)),
                Map.entry("XTRIM", () -> redis.xtrim(stream, 1)),
                Map.entry("XREVRANGE", () -> redis.xrevrange(stream, Range.unbounded())),
                Map.entry("XDEL", () -> redis.xdel(stream, "0-1")),
                Map.entry("DEL", () -> redis.del(key, text, stream)),
                Map.entry("PUBLISH", () -> redis.publish(channel, noNews)));
    }

    /** Why this command is refused; empty if it is not. Fails if there is no answer. */
    static Optional<String> refusal(Future<?> future) {
        try {
            RedisCheck.answer(future);
            return Optional.empty();
        } catch (IllegalStateException failed) {
            if (failed.getCause() instanceof RedisCommandExecutionException refused) {
                return Optional.of(sentence(refused));
            }
            throw failed;
        }
    }

    private static String sentence(Exception refused) {
        return String.valueOf(NestedExceptionUtils.getMostSpecificCause(refused).getMessage());
    }
}
