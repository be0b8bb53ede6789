package dev.latchkey.gateway.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What a master reports about itself.
 *
 * @param history its replication id; another master in its place has another one
 * @param replicas how many are connected and in sync; empty if unknown
 * @param evictionPolicy its {@code maxmemory-policy}; empty if unknown
 * @param capability its version and what it cannot do
 */
public record ServerInfo(
        Optional<String> history, Optional<Integer> replicas, Optional<String> evictionPolicy, Capability capability) {

    private static final String KEEPS_ALL = "noeviction";

    /** Asks a master; fails if it does not answer. */
    public static Mono<ServerInfo> ask(Master master, Capability capability) {
        RedisClusterAsyncCommands<byte[], byte[]> commands = master.commands();
        return Mono.zip(
                        DriverThreads.ask(() -> commands.info("replication")),
                        DriverThreads.ask(() -> commands.info("memory")),
                        (replication, memory) -> parse(replication, memory, capability))
                .onErrorReturn(RedisError::isRefusal, of(capability));
    }

    /** What is known of a master whose INFO this user may not read. */
    static ServerInfo of(Capability capability) {
        return new ServerInfo(Optional.empty(), Optional.empty(), Optional.empty(), capability);
    }

    /** Reads what {@code INFO replication} and {@code INFO memory} answered. */
    static ServerInfo parse(String replication, String memory, Capability capability) {
        Map<String, String> lines = lines(replication + "\n" + memory);
        return new ServerInfo(
                text(lines.get("master_replid")),
                text(lines.get("connected_slaves")).map(number -> inTouch(lines)),
                text(lines.get("maxmemory_policy")),
                capability);
    }

    /** What an answer of {@code INFO} says, by name. */
    static Map<String, String> lines(String info) {
        return info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).trim(),
                        (first, second) -> first));
    }

    /** A replica that is still being copied to cannot confirm anything yet. */
    private static int inTouch(Map<String, String> lines) {
        return (int) lines.entrySet().stream()
                .filter(line ->
                        line.getKey().matches("slave\\d+") && line.getValue().contains("state=online"))
                .count();
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }

    boolean hasReplica() {
        return replicas.filter(number -> number > 0).isPresent();
    }

    /** Whether it may drop sessions and denylist entries when memory is short. */
    public boolean mayEvict() {
        return evictionPolicy.filter(policy -> !policy.equals(KEEPS_ALL)).isPresent();
    }

    /** Logs, once and again when it changes, what is wrong with the servers. */
    static final class Warnings {

        private static final Logger LOGGER = LoggerFactory.getLogger(ServerInfo.class);

        private Set<String> last = Set.of();

        synchronized void note(Collection<ServerInfo> masters) {
            Set<String> found =
                    masters.stream().flatMap(master -> master.warnings()).collect(Collectors.toSet());
            found.stream().filter(warning -> !last.contains(warning)).forEach(LOGGER::warn);
            last = found;
        }
    }

    private Stream<String> warnings() {
        Optional<String> eviction = evictionPolicy.isEmpty()
                ? Optional.of(
                        "Redis does not say its maxmemory-policy (may this user run INFO?): it must be noeviction,"
                                + " and whether there are replicas to wait for is unknown, too")
                : evictionPolicy
                        .filter(policy -> mayEvict())
                        .map(policy -> "Redis has the maxmemory-policy " + policy
                                + ": it may drop sessions and what is revoked, set noeviction");
        return Stream.of(eviction, capability.unfit()).flatMap(Optional::stream);
    }
}
