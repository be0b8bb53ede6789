package dev.latchkey.gateway.history;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where a history is played: nodes that can be killed and revived, a backend, users. */
final class Cluster implements AutoCloseable {

    static final List<String> USERS = List.of("ada", "bea", "cleo", "dora");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PLENTY = "1000000";

    private final Resources resources = new Resources();
    private final Queue<AuditEvent> audit = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<Node> nodes;
    private final HoldingBackend backend;
    private final Map<String, Object> properties;
    private final Optional<TestClock> clock;
    private final boolean processes;

    private Cluster(Setting setting, IntConsumer held) {
        backend = new HoldingBackend(held);
        clock = setting.clock;
        processes = setting.processes;
        resources.write(
                backend.url(), clock.<InstantSource>map(manual -> manual).orElse(InstantSource.system()), USERS);
        properties = properties(setting);
        nodes = new AtomicReferenceArray<>(setting.nodes);
        IntStream.range(0, setting.nodes).forEach(node -> nodes.set(node, start()));
        IntStream.range(0, setting.nodes).forEach(this::awaitSignIn);
        audit.clear();
    }

    /** @param held receives the number of each request that waits at the backend */
    static Cluster open(Setting setting, IntConsumer held) {
        return new Cluster(setting, held);
    }

    private Map<String, Object> properties(Setting setting) {
        Map<String, Object> all = new HashMap<>(resources.properties());
        all.put("server.port", 0);
        all.put("management.server.port", 0);
        all.put("server.shutdown", "immediate");
        all.put("spring.data.redis.timeout", setting.redisTimeout.toString());
        all.put("latchkey.issuer", "https://shop.example");
        all.put("latchkey.public-origins", "https://shop.example");
        all.put("latchkey.token.access-ttl", setting.access.toString());
        all.put("latchkey.rotation.grace", setting.grace.toString());
        all.put("latchkey.cookies.prefix", BrowserTokens.PREFIX);
        all.put("latchkey.cookies.secure", false);
        all.put("latchkey.sign-in.per-address", PLENTY);
        all.put("latchkey.sign-in.per-name-and-address", PLENTY);
        all.put("latchkey.sign-in.per-name", PLENTY);
        all.put("latchkey.sign-in.successes-per-name", PLENTY);
        all.putAll(setting.redis);
        return all;
    }

    private Node start() {
        return processes
                ? NodeProcess.start(properties, log())
                : Node.of(clock.map(manual -> Gateway.start(properties, manual, audit::add))
                        .orElseGet(() -> Gateway.start(properties, audit::add)));
    }

    private Path log() {
        return resources.folder().resolve("nodes.log");
    }

    private void awaitSignIn(int node) {
        await().atMost(LIMIT).until(() -> {
            Browser browser = new Browser(nodes.get(node).url());
            return browser.signIn("ada", "ada").statusCode() == 200
                    && browser.post("/auth/sign-out").statusCode() == 204;
        });
    }

    int size() {
        return nodes.length();
    }

    /** The wanted node, or, where it is down, the next one: what a balancer does. */
    int upNear(int wanted) {
        return IntStream.range(0, size())
                .map(distance -> (wanted + distance) % size())
                .filter(node -> nodes.get(node) != null)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no node is up"));
    }

    String url(int node) {
        return nodes.get(node).url();
    }

    void release(int request) {
        backend.release(request);
    }

    /** Its connections break, whatever is under way on them. */
    void kill(int node) {
        nodes.getAndSet(node, null).kill();
    }

    /** On another port, with what the files and Redis say. */
    CompletableFuture<Void> revive(int node) {
        return CompletableFuture.runAsync(() -> nodes.set(node, start()))
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Names of the audit events so far. */
    List<String> audit() {
        return audit.stream().map(AuditEvent::name).toList();
    }

    List<Alarm> alarms() {
        return Stream.concat(audit.stream().flatMap(Alarm::of), logged().flatMap(Alarm::of))
                .toList();
    }

    /** What processes wrote down. */
    private Stream<String> logged() {
        try {
            return processes ? Files.readString(log()).lines() : Stream.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        IntStream.range(0, size())
                .mapToObj(node -> Optional.ofNullable(nodes.get(node)))
                .flatMap(Optional::stream)
                .forEach(Node::kill);
        backend.close();
        resources.delete();
    }

    /**
     * What differs between histories.
     *
     * @param redisTimeout after which a node takes silence for an outage
     * @param clock that all nodes live by; empty for real clocks and the time of Redis
     * @param processes whether each node is a process of its own, by real clocks
     */
    record Setting(
            int nodes,
            Map<String, Object> redis,
            Duration redisTimeout,
            Duration access,
            Duration grace,
            Optional<TestClock> clock,
            boolean processes) {

        Setting(
                int nodes,
                Map<String, Object> redis,
                Duration redisTimeout,
                Duration access,
                Duration grace,
                Optional<TestClock> clock) {
            this(nodes, redis, redisTimeout, access, grace, clock, false);
        }
    }
}
