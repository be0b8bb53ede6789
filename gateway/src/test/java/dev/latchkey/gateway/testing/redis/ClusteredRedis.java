package dev.latchkey.gateway.testing.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.SlotHash;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Three masters that share the slots, each with a replica where asked for. */
public final class ClusteredRedis implements AutoCloseable, AfterAllCallback {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MASTERS = 3;

    private final List<RedisProcess> masters = new ArrayList<>();
    private final List<RedisProcess> replicas = new ArrayList<>();

    private ClusteredRedis(File server, boolean replicated) {
        for (int i = 0; i < MASTERS; i++) {
            masters.add(node(server));
        }
        for (int i = 0; i < MASTERS; i++) {
            masters.get(i).tell("CLUSTER ADDSLOTS " + slots(i));
        }
        for (int i = 0; replicated && i < MASTERS; i++) {
            replicas.add(node(server));
        }
        meet();
        for (int i = 0; i < replicas.size(); i++) {
            String master = masters.get(i).say("CLUSTER MYID");
            replicas.get(i).tell("CLUSTER REPLICATE " + master);
        }
        awaitInSync();
    }

    public static ClusteredRedis start() {
        return new ClusteredRedis(RedisProcess.own(), false);
    }

    public static ClusteredRedis replicated() {
        return new ClusteredRedis(RedisProcess.own(), true);
    }

    /** Without replicas, by a server program that is installed and at least this version; empty where there is none. */
    public static Optional<ClusteredRedis> installed(int version) {
        return RedisProcess.installed()
                .map(server -> new ClusteredRedis(server, false))
                .filter(cluster -> cluster.isAtLeast(version));
    }

    private boolean isAtLeast(int version) {
        String says = masters.get(0).info("server", "redis_version");
        boolean is = Integer.parseInt(says.split("\\.", 2)[0]) >= version;
        if (!is) {
            close();
        }
        return is;
    }

    private static RedisProcess node(File server) {
        return RedisProcess.start(
                server,
                "cluster-enabled yes",
                "cluster-node-timeout 2000",
                "cluster-require-full-coverage no",
                "cluster-replica-validity-factor 0",
                "repl-diskless-sync-delay 0",
                "repl-ping-replica-period 1");
    }

    private static String slots(int master) {
        return IntStream.range(0, SlotHash.SLOT_COUNT)
                .filter(slot -> slot * MASTERS / SlotHash.SLOT_COUNT == master)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    private void meet() {
        RedisProcess first = masters.get(0);
        nodes().forEach(node -> first.tell("CLUSTER MEET 127.0.0.1 " + node.port()));
        await().atMost(LIMIT)
                .until(() -> nodes().stream().allMatch(node -> {
                    String info = node.say("CLUSTER INFO");
                    return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + nodes().size());
                }));
    }

    /** Until each replica has reported to its master that it has data: before that the master sends it nothing more. */
    private void awaitInSync() {
        await().atMost(LIMIT)
                .until(() -> masters.subList(0, replicas.size()).stream()
                        .allMatch(master ->
                                master.info("replication", "slave0").matches(".*state=online,offset=[1-9].*")));
    }

    /** Masters first; what each of them is at the beginning. */
    public List<RedisProcess> nodes() {
        List<RedisProcess> all = new ArrayList<>(masters);
        all.addAll(replicas);
        return all;
    }

    /** Those that were masters at first. */
    public List<RedisProcess> masters() {
        return List.copyOf(masters);
    }

    /** The server that was the master of this key's slot at first. */
    public RedisProcess master(String key) {
        return masters.get(SlotHash.getSlot(key) * MASTERS / SlotHash.SLOT_COUNT);
    }

    /** The server that was its replica at first. */
    public RedisProcess replica(String key) {
        return replicas.get(masters.indexOf(master(key)));
    }

    public void awaitMaster(RedisProcess server) {
        await().atMost(LIMIT).until(() -> server.info("replication", "role").equals("master"));
    }

    /** Begins to move the slot of a key to another master, as operators do; nothing of it has moved yet. */
    public MovingSlot move(String key) {
        RedisProcess from = master(key);
        RedisProcess to =
                masters.stream().filter(master -> master != from).findFirst().orElseThrow();
        MovingSlot slot = new MovingSlot(SlotHash.getSlot(key), from, to);
        to.tell("CLUSTER SETSLOT " + slot.number + " IMPORTING " + from.say("CLUSTER MYID"));
        from.tell("CLUSTER SETSLOT " + slot.number + " MIGRATING " + to.say("CLUSTER MYID"));
        return slot;
    }

    public Map<String, Object> properties() {
        return Map.of(
                "spring.data.redis.cluster.nodes",
                masters.stream().map(RedisProcess::address).collect(Collectors.joining(",")));
    }

    @Override
    public void close() {
        nodes().forEach(RedisProcess::close);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** A slot on its way from one master to another. */
    public final class MovingSlot {

        private final int number;
        private final RedisProcess from;
        private final RedisProcess to;

        private MovingSlot(int number, RedisProcess from, RedisProcess to) {
            this.number = number;
            this.from = from;
            this.to = to;
        }

        /** Leaves it where it was. */
        public void stop() {
            to.tell("CLUSTER SETSLOT " + number + " STABLE");
            from.tell("CLUSTER SETSLOT " + number + " STABLE");
        }

        /** Moves all that is in it; gives the master that has it then. */
        public RedisProcess finish() {
            List<String> keys =
                    from.say("CLUSTER GETKEYSINSLOT " + number + " 100").lines().toList();
            from.tell("MIGRATE 127.0.0.1 " + to.port() + " \"\" 0 5000 KEYS " + String.join(" ", keys));
            String target = to.say("CLUSTER MYID");
            masters.forEach(master -> master.tell("CLUSTER SETSLOT " + number + " NODE " + target));
            return to;
        }
    }
}
