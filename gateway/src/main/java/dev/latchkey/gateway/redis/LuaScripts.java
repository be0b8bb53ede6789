package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.data.redis.core.script.DigestUtils;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/** Reads and hashes scripts at the start, not when an event loop first sends one. */
public final class LuaScripts {

    private static final String CLOCK = "dev/latchkey/gateway/redis/clock.lua";
    private static final String TYPE = "dev/latchkey/gateway/redis/type.lua";
    private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");

    /** The commands of Redis that the scripts call, in capitals; read from all scripts, so that none is forgotten. */
    static final Set<String> COMMANDS = commands("classpath*:dev/latchkey/gateway/**/*.lua");

    private LuaScripts() {}

    private static Set<String> commands(String scripts) {
        try {
            return Stream.of(new PathMatchingResourcePatternResolver().getResources(scripts))
                    .flatMap(script -> CALL.matcher(text(script)).results())
                    .map(call -> call.group(1))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * One script made of several resources, because Redis has no include.
     *
     * @param answer {@code Long} or {@code List}
     */
    public static <T> RedisScript<T> read(Class<T> answer, String... resources) {
        String text = Stream.of(resources)
                .map(ClassPathResource::new)
                .map(LuaScripts::text)
                .collect(Collectors.joining("\n"));
        return new HashedScript<>(text, DigestUtils.sha1DigestAsHex(text), answer);
    }

    /** For scripts that depend on the time: their last argument is {@link ScriptClock#argument}. */
    public static <T> RedisScript<T> timed(Class<T> answer, String... resources) {
        return read(
                answer,
                Stream.concat(Stream.of(CLOCK, TYPE), Stream.of(resources)).toArray(String[]::new));
    }

    private static String text(Resource resource) {
        try {
            return resource.getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Hashed here: Spring's would do so when an event loop first sends it, and let others wait for that. */
    private record HashedScript<T>(String text, String hash, Class<T> answer) implements RedisScript<T> {

        @Override
        public String getSha1() {
            return hash;
        }

        @Override
        public Class<T> getResultType() {
            return answer;
        }

        @Override
        public String getScriptAsString() {
            return text;
        }
    }

    /** A script as it is sent. */
    record Loaded(String sha, String text, ScriptOutputType answers) {

        private static final Duration PAUSE = Duration.ofMillis(20);

        static Loaded of(RedisScript<?> script) {
            ScriptOutputType answers =
                    List.class.equals(script.getResultType()) ? ScriptOutputType.MULTI : ScriptOutputType.INTEGER;
            return new Loaded(script.getSha1(), script.getScriptAsString(), answers);
        }

        /**
         * By its hash or, if the server does not know that, by its text; again and again while its slot is on the way
         * to another master, which answers about no two keys then.
         *
         * @param patience how long it may be tried again; then it fails with what the server answered last
         */
        <T> Mono<T> run(Function<Form, Mono<T>> call, Duration patience) {
            return run(
                    call,
                    (redis, keys, arguments) -> redis.evalsha(sha, answers, keys, arguments),
                    System.nanoTime() + patience.minus(PAUSE).toNanos());
        }

        private <T> Mono<T> run(Function<Form, Mono<T>> call, Form form, long lastPause) {
            return call.apply(form).onErrorResume(failure -> {
                if (failure instanceof RedisNoScriptException) {
                    return run(call, (redis, keys, arguments) -> redis.eval(text, answers, keys, arguments), lastPause);
                }
                return RedisError.isOfMovingSlot(failure) && System.nanoTime() - lastPause < 0
                        ? Mono.delay(PAUSE).flatMap(passed -> run(call, form, lastPause))
                        : Mono.error(failure);
            });
        }

        /** How a script is named when it is sent. */
        interface Form {

            RedisFuture<Object> send(
                    RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[][] arguments);
        }
    }
}
