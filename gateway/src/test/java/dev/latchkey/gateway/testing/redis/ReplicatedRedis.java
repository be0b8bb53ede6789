package dev.latchkey.gateway.testing.redis;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A primary and its replica, and, where asked for, sentinels that put the one in the place of the other. */
public final class ReplicatedRedis implements AutoCloseable, AfterAllCallback {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NAME = "latchkey";

    private final RedisProcess first = RedisProcess.start("repl-diskless-sync-delay 0", "repl-ping-replica-period 1");
    private final RedisProcess second;
    private final List<RedisProcess> sentinels = new ArrayList<>();

    private ReplicatedRedis(int watchers) {
        second = RedisProcess.start(
                "replicaof 127.0.0.1 " + first.port(), "repl-diskless-sync-delay 0", "repl-ping-replica-period 1");
        awaitInSync();
        for (int i = 0; i < watchers; i++) {
            sentinels.add(RedisProcess.sentinel(
                    "sentinel monitor %s 127.0.0.1 %d %d".formatted(NAME, first.port(), watchers / 2 + 1),
                    "sentinel down-after-milliseconds " + NAME + " 1000",
                    "sentinel failover-timeout " + NAME + " 6000"));
        }
        awaitWatched();
    }

    public static ReplicatedRedis start() {
        return new ReplicatedRedis(0);
    }

    public static ReplicatedRedis watched() {
        return new ReplicatedRedis(3);
    }

    /** The server that was the primary at first. */
    public RedisProcess first() {
        return first;
    }

    /** The server that was the replica at first. */
    public RedisProcess second() {
        return second;
    }

    /** Where a client finds the first server, whatever it is now. */
    public Map<String, Object> properties() {
        return Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", first.port());
    }

    /** Where a client asks for the primary. */
    public Map<String, Object> sentinelProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.data.redis.sentinel.master", NAME);
        properties.put(
                "spring.data.redis.sentinel.nodes",
                sentinels.stream().map(RedisProcess::address).collect(Collectors.joining(",")));
        return properties;
    }

    /** The replica goes on by itself and hears nothing more of the primary, as behind a broken line. */
    public void cutOff() {
        second.tell("REPLICAOF 127.0.0.1 1");
    }

    public void join() {
        second.tell("REPLICAOF 127.0.0.1 " + first.port());
        awaitInSync();
    }

    /** Until the replica has all that the primary has. */
    public void awaitInSync() {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> first.info("replication", "slave0").contains("state=online")
                        && first.info("replication", "master_repl_offset")
                                .equals(second.info("replication", "master_repl_offset")));
    }

    /** Until the sentinels say that this one is the primary. */
    public void awaitPrimary(RedisProcess server) {
        await().atMost(LIMIT)
                .until(() -> sentinels.stream()
                        .allMatch(sentinel -> sentinel.say("SENTINEL get-master-addr-by-name " + NAME)
                                .endsWith(Integer.toString(server.port()))));
        await().atMost(LIMIT).until(() -> server.info("replication", "role").equals("master"));
    }

    private void awaitWatched() {
        await().atMost(LIMIT)
                .until(() -> sentinels.stream()
                        .allMatch(sentinel -> sentinel.say("INFO sentinel")
                                .contains("status=ok,address=127.0.0.1:%d,slaves=1,sentinels=%d"
                                        .formatted(first.port(), sentinels.size()))));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        second.close();
        first.close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }
}
