package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Every call to Redis: on the shared connection, within a time limit, and without the layers of a template, which cost
 * more than the call. Each call fails on any trouble with Redis, which callers turn into an outcome.
 */
public final class RedisClient {

    private static final ScanArgs PAGE = ScanArgs.Builder.limit(1000);

    private final SharedConnection connection;
    private final CallGuard guard;
    private final RedisServers servers;
    private final ReplicatedWrites replicated;

    /** As many as there are scripts: they are constants of their callers. */
    private final Map<RedisScript<?>, LuaScripts.Loaded> scripts = new ConcurrentHashMap<>();

    RedisClient(SharedConnection connection, CallGuard guard, RedisServers servers, ReplicatedWrites replicated) {
        this.connection = connection;
        this.guard = guard;
        this.servers = servers;
        this.replicated = replicated;
    }

    /** Connects before the first request needs it. No caller waits for that, so it is subscribed here; it may fail. */
    void warmUp() {
        connection
                .commands()
                .flatMap(redis -> DriverThreads.ask(redis::ping))
                .onErrorComplete()
                .subscribe();
    }

    /**
     * Runs a script by EVALSHA, and by its text if the server does not know it.
     *
     * @param keys at least one, all in one slot
     */
    @SuppressWarnings("unchecked")
    public <T> Mono<T> run(RedisScript<T> script, List<String> keys, List<String> arguments) {
        return (Mono<T>)
                call(keys.get(0), redis -> sent(redis, script, keys, arguments)).map(RedisClient::decoded);
    }

    /** Whether the keys are spread over the shards of a cluster. */
    public boolean isCluster() {
        return connection.isCluster();
    }

    /** The masters that hold keys. */
    public Mono<List<Master>> masters() {
        return guard.masters(connection.masters());
    }

    /** Runs a script that writes on one master, also while it keeps silent. */
    @SuppressWarnings("unchecked")
    public <T> Mono<T> runOn(Master master, RedisScript<T> script, String key, List<String> arguments) {
        return (Mono<T>) guard.probe(master.name(), sent(master.commands(), script, List.of(key), arguments))
                .map(RedisClient::decoded);
    }

    /** Notes that all masters accepted a write just now. */
    public void allWritten() {
        guard.allWritten();
    }

    private Mono<Object> sent(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            RedisScript<?> script,
            List<String> keys,
            List<String> arguments) {
        byte[][] rawKeys = bytes(keys);
        byte[][] rawArguments = bytes(arguments);
        return loaded(script)
                .run(form -> DriverThreads.ask(() -> form.send(redis, rawKeys, rawArguments)), guard.limit());
    }

    private LuaScripts.Loaded loaded(RedisScript<?> script) {
        return scripts.computeIfAbsent(script, LuaScripts.Loaded::of);
    }

    /**
     * Runs a script whose writes must not be lost in a failover: if the master of the keys has replicas, waits for one
     * of them, on a dedicated connection. The script must be one that may be sent twice.
     */
    @SuppressWarnings("unchecked")
    public <T> Mono<Acknowledged<T>> runAcknowledged(RedisScript<T> script, List<String> keys, List<String> arguments) {
        Mono<Object> shared = (Mono<Object>) run(script, keys, arguments);
        return haveReplica(keys)
                .flatMap(wait -> wait
                        ? replicated.run(loaded(script), bytes(keys), bytes(arguments), shared)
                        : shared.map(answer -> new Acknowledged<>(answer, true, false)))
                .map(written -> written.map(answer -> (T) answer));
    }

    /** Whether the master that holds these keys, all in one slot, has replicas to wait for. */
    public Mono<Boolean> haveReplica(List<String> keys) {
        return servers.haveReplica(keys.get(0));
    }

    /** Whether a call failed because its key holds a value of another type. */
    public static boolean isOfAnotherType(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).startsWith("WRONGTYPE");
    }

    /** Removes a key. */
    public Mono<Void> delete(String key) {
        return command(key, redis -> redis.del(bytes(key))).then();
    }

    /** One field of a hash, empty if there is none. */
    public Mono<String> field(String key, String field) {
        return command(key, redis -> redis.hget(bytes(key), bytes(field))).map(RedisClient::text);
    }

    /** How many fields a hash has; 0 if there is no hash. */
    public Mono<Long> size(String key) {
        return command(key, redis -> redis.hlen(bytes(key)));
    }

    /** All fields of a hash whose size is bounded. */
    public Mono<Map<String, String>> entries(String key) {
        return command(key, redis -> redis.hgetall(bytes(key))).map(RedisClient::texts);
    }

    /** All fields of a hash, however many, page by page; one that is added meanwhile may be missing. */
    public Flux<Map.Entry<String, String>> scan(String key) {
        byte[] raw = bytes(key);
        return command(key, redis -> redis.hscan(raw, PAGE))
                .expand(page -> page.isFinished() ? Mono.empty() : command(key, redis -> redis.hscan(raw, page, PAGE)))
                .concatMapIterable(page -> texts(page.getMap()).entrySet());
    }

    /** Sets one field of a hash and lets the hash live at least this long from now. */
    public Mono<Void> put(String key, String field, String value, Duration life) {
        return command(key, redis -> redis.hset(bytes(key), bytes(field), bytes(value)))
                .then(command(key, redis -> redis.pttl(bytes(key))))
                .filter(left -> left < life.toMillis())
                .flatMap(less -> command(key, redis -> redis.pexpire(bytes(key), life.toMillis())))
                .then();
    }

    /** Sets fields of a hash, which lives as long as before. */
    public Mono<Void> put(String key, Map<String, String> fields) {
        IdentityHashMap<byte[], byte[]> raw = new IdentityHashMap<>();
        fields.forEach((field, value) -> raw.put(bytes(field), bytes(value)));
        return fields.isEmpty()
                ? Mono.empty()
                : command(key, redis -> redis.hset(bytes(key), raw)).then();
    }

    /** Removes fields of a hash. */
    public Mono<Void> remove(String key, Collection<String> fields) {
        return fields.isEmpty()
                ? Mono.empty()
                : command(key, redis -> redis.hdel(bytes(key), bytes(fields))).then();
    }

    private <T> Mono<T> command(
            String key, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return call(key, redis -> DriverThreads.ask(() -> command.apply(redis)));
    }

    private <T> Mono<T> call(String key, Function<RedisClusterAsyncCommands<byte[], byte[]>, Mono<T>> call) {
        return guard.call(connection.masterOf(key), connection.commands().flatMap(call));
    }

    static Object decoded(Object answer) {
        if (answer instanceof byte[] text) {
            return text(text);
        }
        return answer instanceof List<?> parts
                ? parts.stream().map(RedisClient::decoded).toList()
                : answer;
    }

    private static Map<String, String> texts(Map<byte[], byte[]> raw) {
        Map<String, String> texts = new LinkedHashMap<>();
        raw.forEach((field, value) -> texts.put(text(field), text(value)));
        return texts;
    }

    private static String text(byte[] raw) {
        return new String(raw, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[][] bytes(Collection<String> texts) {
        return texts.stream().map(RedisClient::bytes).toArray(byte[][]::new);
    }

    /**
     * What a script answered, and whether what it wrote is safe from a failover.
     *
     * @param isSafe a replica has it, or there is no replica; if false, a failover may lose it
     * @param isRepeated it was sent twice, because the first answer was lost: what it found may be its own doing
     */
    public record Acknowledged<T>(T answer, boolean isSafe, boolean isRepeated) {

        /** With an answer made of this one. */
        public <R> Acknowledged<R> map(Function<T, R> other) {
            return new Acknowledged<>(other.apply(answer), isSafe, isRepeated);
        }
    }
}
