package dev.latchkey.gateway.denylist;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import org.springframework.data.redis.core.script.RedisScript;

/** A script read and hashed once: asking {@link RedisScript} each time would look at its file each time. */
record LoadedScript(String sha, String text, ScriptOutputType answers) {

    static LoadedScript of(RedisScript<?> script) {
        ScriptOutputType answers =
                List.class.equals(script.getResultType()) ? ScriptOutputType.MULTI : ScriptOutputType.INTEGER;
        return new LoadedScript(script.getSha1(), script.getScriptAsString(), answers);
    }

    RedisFuture<Object> bySha(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[][] arguments) {
        return redis.evalsha(sha, answers, keys, arguments);
    }

    RedisFuture<Object> byText(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[][] arguments) {
        return redis.eval(text, answers, keys, arguments);
    }
}
