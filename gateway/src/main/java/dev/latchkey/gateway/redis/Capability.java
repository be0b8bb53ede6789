package dev.latchkey.gateway.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * The version of a server, and the commands that the scripts need and it lacks. It is asked for its commands, since
 * forks and managed services number their versions freely; the version decides only if it does not list its commands.
 *
 * @param version as in {@code INFO server}; empty if unknown
 * @param missing commands that the scripts call and it does not know; empty if it did not list its commands
 */
public record Capability(Optional<String> version, Optional<Set<String>> missing) {

    static final Capability UNKNOWN = new Capability(Optional.empty(), Optional.empty());

    /** The oldest Redis that knows all that the scripts call. */
    public static final String OLDEST = "6.2";

    private static final Pattern VERSION = Pattern.compile("^(\\d{1,3})\\.(\\d{1,3})");

    /** Asks a server; fails if it does not answer. What this user may not ask stays unknown. */
    public static Mono<Capability> ask(Master master) {
        RedisClusterAsyncCommands<byte[], byte[]> server = master.commands();
        Set<String> needed = LuaScripts.COMMANDS;
        Mono<Optional<String>> version = DriverThreads.ask(() -> server.info("server"))
                .map(info -> Optional.ofNullable(ServerInfo.lines(info).get("redis_version")))
                .onErrorReturn(RedisError::isRefusal, Optional.empty());
        Mono<Optional<Set<String>>> missing = DriverThreads.ask(() -> server.commandInfo(needed.toArray(String[]::new)))
                .map(known -> Optional.of(unknown(needed, known)))
                .onErrorReturn(RedisError::isRefusal, Optional.empty());
        return Mono.zip(version, missing, Capability::new);
    }

    /** Each command that is known is a list that begins with its name. */
    private static Set<String> unknown(Set<String> needed, List<Object> known) {
        Set<String> unknown = new TreeSet<>(needed);
        known.stream()
                .filter(command -> command instanceof List<?> facts && !facts.isEmpty())
                .map(command -> name(((List<?>) command).get(0)))
                .forEach(unknown::remove);
        return unknown;
    }

    private static String name(Object name) {
        String text = name instanceof byte[] raw ? new String(raw, StandardCharsets.UTF_8) : String.valueOf(name);
        return text.toUpperCase(Locale.ROOT);
    }

    /** Why the gateway cannot work with it, in a sentence; empty if it can. */
    public Optional<String> unfit() {
        return missing.isEmpty()
                ? version.filter(Capability::isTooOld)
                        .map(number -> "Redis " + number + " is too old: " + OLDEST + " or newer is required")
                : missing.filter(names -> !names.isEmpty())
                        .map(names -> "Redis"
                                + version.map(number -> " " + number).orElse("") + " does not know "
                                + String.join(", ", new TreeSet<>(names)) + ", which the gateway's scripts call: Redis "
                                + OLDEST + " or newer is required");
    }

    /** Whether a version such as {@code 5.0.14} is older than {@link #OLDEST}; false if it is not a version. */
    public static boolean isTooOld(String version) {
        return number(version) < number(OLDEST);
    }

    /** Comparable; the largest number if it is not a version, because such a server gets the benefit of the doubt. */
    private static int number(String version) {
        Matcher parts = VERSION.matcher(version);
        return parts.find()
                ? Integer.parseInt(parts.group(1)) * 1000 + Integer.parseInt(parts.group(2))
                : Integer.MAX_VALUE;
    }
}
