package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster whose servers have a channel a shard: what is said in one of them passes no other. */
final class ShardedChannelsTests {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static Optional<ClusteredRedis> started = Optional.empty();

    @BeforeAll
    static void start() {
        started = ClusteredRedis.installed(7);
        assumeTrue(started.isPresent(), "no redis-server 7 is installed: apt-get install redis-server");
    }

    @AfterAll
    static void end() {
        started.ifPresent(ClusteredRedis::close);
    }

    @Test
    void messageWhenNoOlderNodeIsThereThenItCrossesNoOtherShard() {
        try (SessionRoom one = node(Map.of("latchkey.denylist.older-nodes-for", "0s"));
                SessionRoom other = node(Map.of("latchkey.denylist.older-nodes-for", "0s"))) {
            redis().masters().forEach(master -> master.tell("CONFIG RESETSTAT"));
            assertHeard(one, other, SessionId.random(RANDOM));
            assertUserHeard(one, other);
            assertRolesHeard(one, other);
            await().atMost(LIMIT)
                    .until(() -> redis().masters().stream()
                            .allMatch(master -> master.say("INFO commandstats").contains("cmdstat_spublish:")));
            assertThat(redis().masters())
                    .allSatisfy(master ->
                            assertThat(master.say("INFO commandstats")).doesNotContain("cmdstat_publish:"));
        }
    }

    @Test
    void messageWhenAnOlderNodeIsThereThenItHearsAndIsHeard() {
        try (SessionRoom one = node(Map.of("latchkey.denylist.older-nodes-for", "0s"));
                SessionRoom other = node(Map.of("latchkey.denylist.older-nodes-for", "10m"));
                OlderNode older = new OlderNode(redis().masters().get(2))) {
            older.heartbeat();
            SessionId published = SessionId.random(RANDOM);
            assertHeard(other, one, published);
            await().atMost(LIMIT).until(() -> older.heard(published));
            SessionId says = SessionId.random(RANDOM);
            older.revoke(says);
            await().atMost(LIMIT).until(() -> isRevoked(one, says) && isRevoked(other, says));
            awaitFresh(one);
            awaitFresh(other);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"&latchkey:denied +@all -ssubscribe -spublish", "&latchkey:denied +@all", "&* +@all -spublish"})
    void messageWhenTheUserMayNotThenTheOneChannelServes(String rights) {
        redis().masters()
                .forEach(master ->
                        master.tell("ACL SETUSER plain reset on >sesame ~latchkey:* resetchannels " + rights));
        Map<String, Object> user = Map.of(
                "spring.data.redis.username",
                "plain",
                "spring.data.redis.password",
                "sesame",
                "latchkey.denylist.older-nodes-for",
                "0s");
        try (SessionRoom one = node(user);
                SessionRoom other = node(Map.of("latchkey.denylist.older-nodes-for", "0s"))) {
            assertHeard(one, other, SessionId.random(RANDOM));
            await().atMost(LIMIT)
                    .until(() -> other.bean(DenylistChannels.class).argument().equals("both"));
            assertHeard(other, one, SessionId.random(RANDOM));
            awaitFresh(one);
            awaitFresh(other);
        }
    }

    @Test
    void messageWhenTheUserHasTheDocumentedRightsThenItStaysInItsShard() throws IOException {
        String text = Files.readString(java.nio.file.Path.of("..", "docs", "operations.md"));
        String rule = matched(text, "(?m)^user latchkey (on .*)$").replaceFirst(">\\S+", ">sesame");
        String more = matched(text, "in one of Redis 7 `([^`]+)`").replaceAll("\\s+", " ");
        redis().masters().forEach(master -> master.tell("ACL SETUSER latchkey " + rule + " +cluster " + more));
        Map<String, Object> user = Map.of(
                "spring.data.redis.username",
                "latchkey",
                "spring.data.redis.password",
                "sesame",
                "latchkey.denylist.older-nodes-for",
                "0s");
        try (SessionRoom one = node(user);
                SessionRoom other = node(user)) {
            redis().masters().forEach(master -> master.tell("CONFIG RESETSTAT"));
            assertHeard(one, other, SessionId.random(RANDOM));
            assertThat(redis().masters())
                    .allSatisfy(master ->
                            assertThat(master.say("INFO commandstats")).doesNotContain("cmdstat_publish:"));
        }
    }

    private static String matched(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    @Test
    void slotWhenItMovesThenItsChannelIsJoinedThere() {
        try (SessionRoom one = node(Map.of("latchkey.denylist.older-nodes-for", "0s"));
                SessionRoom other = node(Map.of("latchkey.denylist.older-nodes-for", "0s"))) {
            SessionId session = Stream.generate(() -> SessionId.random(RANDOM))
                    .filter(id -> master(id) == redis().masters().get(0))
                    .filter(id -> !Shard.of(id).equals(new Shard(0)))
                    .filter(id -> master(id)
                            .say("CLUSTER COUNTKEYSINSLOT " + SlotHash.getSlot(denied(id)))
                            .equals("0"))
                    .findFirst()
                    .orElseThrow();
            String to = redis().masters().get(1).say("CLUSTER MYID");
            redis().masters()
                    .forEach(master ->
                            master.tell("CLUSTER SETSLOT " + SlotHash.getSlot(denied(session)) + " NODE " + to));
            await().atMost(LIMIT)
                    .until(() -> redis().masters()
                            .get(1)
                            .say("PUBSUB SHARDNUMSUB " + denied(session))
                            .endsWith("\n2"));
            awaitFresh(one);
            awaitFresh(other);
            assertHeard(one, other, session);
        }
    }

    private static void assertHeard(SessionRoom teller, SessionRoom listener, SessionId session) {
        teller.revoker()
                .revoke(Optional.empty(), session, RevocationReason.SIGNED_OUT)
                .block(LIMIT);
        await().atMost(LIMIT).until(() -> isRevoked(listener, session));
    }

    private static void assertUserHeard(SessionRoom one, SessionRoom other) {
        Subject user = new Subject("user-" + RANDOM.nextInt(1_000_000));
        one.bean(Denylist.class).denyUser(user).block(LIMIT);
        await().atMost(LIMIT)
                .until(() -> other.bean(Denylist.class).isRevoked(user, SessionId.random(RANDOM), Instant.EPOCH));
    }

    private static void assertRolesHeard(SessionRoom one, SessionRoom other) {
        Subject user = new Subject("user-" + RANDOM.nextInt(1_000_000));
        Roles both = Roles.of(List.of("admin", "customer"));
        Roles left = Roles.of(List.of("customer"));
        one.bean(Denylist.class).changeRoles(user, 1, left).block(LIMIT);
        await().atMost(LIMIT)
                .until(() -> other.bean(Denylist.class).remaining(user, both).equals(left));
    }

    private static boolean isRevoked(SessionRoom node, SessionId session) {
        return node.bean(Denylist.class).isRevoked(new Subject("ada"), session, Instant.now());
    }

    private static String denied(SessionId session) {
        return DenylistKeys.denied(Shard.of(session));
    }

    private static RedisProcess master(SessionId session) {
        return redis().master(denied(session));
    }

    private static ClusteredRedis redis() {
        return started.orElseThrow();
    }

    /** What is not published to it, it learns an hour later. */
    private static SessionRoom node(Map<String, Object> own) {
        Map<String, Object> properties = new HashMap<>(redis().properties());
        properties.put("latchkey.denylist.read-interval", "1h");
        properties.putAll(own);
        SessionRoom node = SessionRoom.open(properties);
        awaitFresh(node);
        return node;
    }

    private static void awaitFresh(SessionRoom node) {
        await().atMost(LIMIT)
                .until(() -> node.bean(LocalDenylist.class).freshness().isFresh());
    }

    /** What a node of the version before does: it listens on the one channel and publishes its changes there. */
    private static final class OlderNode extends RedisPubSubAdapter<String, String> implements AutoCloseable {

        private final RedisClient client;
        private final StatefulRedisPubSubConnection<String, String> channel;
        private final Queue<String> heard = new ConcurrentLinkedQueue<>();

        OlderNode(RedisProcess server) {
            client = RedisClient.create(server.uri());
            channel = client.connectPubSub();
            channel.addListener(this);
            channel.sync().subscribe(DenylistKeys.CHANNEL);
        }

        @Override
        public void message(String name, String message) {
            heard.add(message);
        }

        void heartbeat() {
            client.connect().sync().publish(DenylistKeys.CHANNEL, "beat,0f0e0d0c-0000-4000-8000-000000000001,id,42");
        }

        void revoke(SessionId session) {
            long now = System.currentTimeMillis();
            String entry = "2147483647,2147483647," + now + "," + (now + 60_000);
            client.connect().sync().publish(DenylistKeys.CHANNEL, session.value() + "," + entry);
        }

        boolean heard(SessionId session) {
            return heard.stream().anyMatch(message -> message.startsWith(session.value() + ","));
        }

        @Override
        public void close() {
            client.shutdown();
        }
    }
}
