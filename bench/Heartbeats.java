import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends heartbeats as NODES nodes do, twice a second each through every master, by the gateway's own script, and prints
 * how many messages and how much processor time that took. Called by heartbeats.sh: SECONDS TITLE NODES OLDEST HOW PORT...,
 * where OLDEST is the age in milliseconds from which on the next heartbeat is published, and HOW is plain or sharded.
 */
public final class Heartbeats {

    private static final String FOLDER = "/dev/latchkey/gateway/";
    private static final long INTERVAL_MILLIS = 500;

    private final RedisClient client = RedisClient.create();
    private final LongAdder deliveries = new LongAdder();
    private final AtomicLong number = new AtomicLong();
    private final String script;
    private final String oldest;
    private final String how;
    private final List<Server> servers = new ArrayList<>();

    private Heartbeats(String script, String oldest, String how) {
        this.script = script;
        this.oldest = oldest;
        this.how = how;
    }

    public static void main(String[] arguments) throws Exception {
        String script = text("redis/clock.lua") + "\n" + text("redis/type.lua") + "\n" + text("denylist/publish.lua") + "\n"
                + text("denylist/heartbeat.lua");
        Heartbeats heartbeats = new Heartbeats(script, arguments[3], arguments[4]);
        for (int i = 5; i < arguments.length; i++) {
            heartbeats.add(Integer.parseInt(arguments[i]));
        }
        heartbeats.run(arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[0]));
    }

    private static String text(String name) throws IOException {
        try (InputStream in = Heartbeats.class.getResourceAsStream(FOLDER + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void add(int port) {
        RedisURI uri = RedisURI.create("127.0.0.1", port);
        StatefulRedisConnection<String, String> connection = client.connect(uri);
        String sha = connection.sync().scriptLoad(script);
        servers.add(new Server(uri, key(connection.sync()), sha, connection.sync()));
    }

    /** The first key of a heartbeat that this server holds. */
    private static String key(RedisCommands<String, String> redis) {
        for (int number = 0; ; number++) {
            String key = "latchkey:beat:{" + number + "}";
            try {
                redis.get(key);
                return key;
            } catch (RedisCommandExecutionException moved) {
                continue;
            }
        }
    }

    private void run(String title, int nodes, int seconds) throws Exception {
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
        for (int node = 0; node < nodes; node++) {
            listen(node);
            List<RedisAsyncCommands<String, String>> connections = new ArrayList<>();
            servers.forEach(server -> connections.add(client.connect(server.uri()).async()));
            long phase = INTERVAL_MILLIS * node / nodes;
            int name = node;
            clock.scheduleAtFixedRate(
                    () -> send(name, connections), phase, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
        Thread.sleep(2_000);
        deliveries.reset();
        long published = published();
        double used = used();
        long bus = bus();
        Thread.sleep(seconds * 1_000L);
        System.out.printf(
                "%-20s %4d nodes: %6.1f published/s, %8.1f deliveries/s, %6.1f between servers/s, %6.2f %% of a processor%n",
                title,
                nodes,
                (double) (published() - published) / seconds,
                deliveries.doubleValue() / seconds,
                (double) (bus() - bus) / seconds,
                (used() - used) * 100 / seconds);
        System.exit(0);
    }

    private void send(int node, List<RedisAsyncCommands<String, String>> connections) {
        for (int i = 0; i < connections.size(); i++) {
            Server server = servers.get(i);
            String id = node + ":" + number.incrementAndGet();
            String[] keys = {server.key()};
            connections.get(i).evalsha(server.sha(), ScriptOutputType.MULTI, keys, id, oldest, "", how);
        }
    }

    /** On the one channel at one server, or on those of the shards at each. */
    private void listen(int node) {
        if (how.equals("plain")) {
            subscriber(servers.get(node % servers.size())).sync().subscribe("latchkey:denied");
        } else {
            servers.forEach(server -> subscriber(server).sync().ssubscribe(server.key()));
        }
    }

    private StatefulRedisPubSubConnection<String, String> subscriber(Server server) {
        StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub(server.uri());
        subscriber.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                deliveries.increment();
            }

            @Override
            public void smessage(String channel, String message) {
                deliveries.increment();
            }
        });
        return subscriber;
    }

    private long published() {
        return sum("commandstats", "cmdstat_publish:calls=") + sum("commandstats", "cmdstat_spublish:calls=");
    }

    private double used() {
        return servers.stream()
                .mapToDouble(it -> number(it.redis().info("cpu"), "used_cpu_user:")
                        + number(it.redis().info("cpu"), "used_cpu_sys:"))
                .sum();
    }

    /** Messages that one server of a cluster passed on to another. */
    private long bus() {
        return servers.size() == 1
                ? 0
                : (long) servers.stream()
                        .mapToDouble(it -> number(it.redis().clusterInfo(), "cluster_stats_messages_publish_sent:"))
                        .sum();
    }

    private long sum(String section, String name) {
        return (long) servers.stream()
                .mapToDouble(it -> number(it.redis().info(section), name))
                .sum();
    }

    private static double number(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).split(",", 2)[0].trim())
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElse(0);
    }

    private record Server(RedisURI uri, String key, String sha, RedisCommands<String, String> redis) {}
}
