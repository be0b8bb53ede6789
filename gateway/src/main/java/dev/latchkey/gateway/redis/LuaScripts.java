package dev.latchkey.gateway.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.data.redis.core.script.RedisScript;

/** Reads scripts when they are asked for, so at the start, and not when an event loop first sends one. */
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
     * One script of several resources, one after the other: Redis knows no include.
     *
     * @param answer {@code Long} or {@code List}
     */
    public static <T> RedisScript<T> read(Class<T> answer, String... resources) {
        return RedisScript.of(
                Stream.of(resources)
                        .map(ClassPathResource::new)
                        .map(LuaScripts::text)
                        .collect(Collectors.joining("\n")),
                answer);
    }

    /** The same for scripts that judge by time, whose argument behind their own is {@link ScriptClock#argument}. */
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
}
