package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.function.Function;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/** A script read and hashed once: asking {@link RedisScript} each time would look at its file each time. */
record LoadedScript(String sha, String text, ScriptOutputType answers) {

    static LoadedScript of(RedisScript<?> script) {
        ScriptOutputType answers =
                List.class.equals(script.getResultType()) ? ScriptOutputType.MULTI : ScriptOutputType.INTEGER;
        return new LoadedScript(script.getSha1(), script.getScriptAsString(), answers);
    }

    /** By its hash and, where the server does not know that, by its text. */
    <T> Mono<T> run(Function<Form, Mono<T>> way) {
        return way.apply(this::bySha).onErrorResume(RedisNoScriptException.class, unknown -> way.apply(this::byText));
    }

    private RedisFuture<Object> bySha(
            RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[][] arguments) {
        return redis.evalsha(sha, answers, keys, arguments);
    }

    private RedisFuture<Object> byText(
            RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[][] arguments) {
        return redis.eval(text, answers, keys, arguments);
    }

    /** How a script is named when it is sent. */
    interface Form {

        RedisFuture<Object> send(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[][] arguments);
    }
}
