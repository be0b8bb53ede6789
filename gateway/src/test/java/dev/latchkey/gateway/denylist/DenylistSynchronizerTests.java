package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Two nodes on one real server: what one writes the other refuses, also after messages and entries were lost. */
final class DenylistSynchronizerTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Far more than the readings of two nodes in the meantime look up. */
    private static final int MANY = 3_000;

    private SessionRoom one;
    private SessionRoom other;
    private RedisClient client;
    private RedisCommands<String, String> redis;

    @BeforeEach
    void open() {
        if (!REDIS.isRunning()) {
            REDIS.restart();
        }
        client = RedisClient.create(REDIS.uri());
        redis = client.connect().sync();
        redis.flushall();
        one = node(Map.of());
        other = node(Map.of());
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        client.shutdown();
    }

    @Test
    void checkWhenTheViewIsFreshThenRedisIsNotAsked() {
        SessionView session = signIn("ada");
        redis.configResetstat();
        for (int i = 0; i < MANY; i++) {
            assertThat(check(one, session)).isEqualTo("accepted");
            assertThat(checkUser(one, session)).isEqualTo("accepted");
        }
        assertThat(lookUps())
                .as("a reading beside it looks up one field a shard")
                .isLessThan(MANY);
    }

    private int lookUps() {
        Matcher calls = Pattern.compile("cmdstat_hget:calls=(\\d+)").matcher(redis.info("commandstats"));
        return calls.find() ? Integer.parseInt(calls.group(1)) : 0;
    }

    @Test
    void revocationWhenWrittenByOneNodeThenTheOtherHearsOfIt() {
        try (SessionRoom listener = node(Map.of("latchkey.denylist.read-interval", "1h"))) {
            SessionView session = signIn("ada");
            revoke(session);
            assertThat(check(one, session))
                    .as("its own node need not hear of it")
                    .isEqualTo("denied");
            await().atMost(LIMIT).until(() -> check(listener, session).equals("denied"));
            assertThat(isRevoked(listener, session)).isTrue();
        }
    }

    @Test
    void signOutEverywhereWhenWrittenByOneNodeThenTheOtherHearsOfIt() {
        try (SessionRoom listener = node(Map.of("latchkey.denylist.read-interval", "1h"))) {
            SessionView session = signIn("ada");
            one.bean(Denylist.class).denyUser(session.subject()).block(LIMIT);
            SessionView old = new SessionView(
                    session.id(),
                    session.subject(),
                    session.generation(),
                    session.created().minusSeconds(1),
                    session.expires(),
                    session.credentialStamp(),
                    session.provider(),
                    session.now());
            assertThat(checkUser(one, old)).isEqualTo("denied");
            await().atMost(LIMIT).until(() -> checkUser(listener, old).equals("denied"));
            assertThat(check(listener, old)).isEqualTo("denied");
        }
    }

    @Test
    void messageWhenLostThenTheNextReadingHealsIt() {
        SessionView session = signIn("ada");
        long now = Instant.now().toEpochMilli();
        redis.hset(
                DenylistKeys.denied(Shard.of(session.id())),
                session.id().value(),
                "2147483647,2147483647," + now + "," + (now + 60_000));
        redis.hset(DenylistKeys.DENIED_USERS, "bob", Long.toString(now));
        await().atMost(LIMIT).until(() -> check(one, session).equals("denied"));
        SessionView bob = signIn("bob");
        assertThat(bob.created()).isAfterOrEqualTo(Instant.ofEpochMilli(now));
        await().atMost(LIMIT)
                .until(() -> answer(one.bean(Denylist.class).checkUser(bob.subject(), Instant.ofEpochMilli(now - 1)))
                        .equals("denied"));
    }

    @Test
    void entriesWhenRedisLosesThemThenWrittenBackForTheRestOfTheirLife() {
        SessionView session = signIn("ada");
        revoke(session);
        one.bean(Denylist.class).denyUser(session.subject()).block(LIMIT);
        String shard = DenylistKeys.denied(Shard.of(session.id()));
        String entry = redis.hget(shard, session.id().value());
        String instant = redis.hget(DenylistKeys.DENIED_USERS, "ada");
        redis.del(shard, DenylistKeys.DENIED_USERS);
        await().atMost(LIMIT)
                .until(() -> entry.equals(redis.hget(shard, session.id().value())));
        await().atMost(LIMIT).until(() -> instant.equals(redis.hget(DenylistKeys.DENIED_USERS, "ada")));
        assertThat(redis.pttl(shard)).isPositive();
    }

    @Test
    void revocationWhenLostWithItsEntryThenTheSessionIsRevokedAgain() {
        SessionView session = signIn("ada");
        String record = "latchkey:session:" + Shard.of(session.id()).tag() + ":"
                + session.id().value();
        Map<String, String> before = redis.hgetall(record);
        revoke(session);
        redis.hset(record, before);
        redis.del(DenylistKeys.denied(Shard.of(session.id())));
        String ended = DenylistKeys.ended(Shard.of(session.id()));
        assertThat(redis.hget(ended, session.id().value())).startsWith("signed-out,");
        redis.hdel(ended, session.id().value());
        await().atMost(LIMIT).until(() -> redis.exists(record) == 0);
        assertThat(redis.hget(ended, session.id().value())).startsWith("restored,");
        assertThat(check(other, session)).isEqualTo("denied");
    }

    @Test
    void channelWhenBrokenThenTheWholeIsReadOnceItIsJoinedAgain() {
        try (SessionRoom node = node(Map.of("latchkey.denylist.read-interval", "1h"))) {
            SessionView session = signIn("ada");
            long now = Instant.now().toEpochMilli();
            redis.hset(
                    DenylistKeys.denied(Shard.of(session.id())),
                    session.id().value(),
                    "2147483647,2147483647," + now + "," + (now + 60_000));
            assertThat(check(node, session)).as("not reported yet").isEqualTo("accepted");
            redis.clientKill(KillArgs.Builder.typePubsub());
            await().atMost(LIMIT).until(() -> check(node, session).equals("denied"));
            await().atMost(LIMIT).until(() -> isFresh(node));
        }
    }

    @Test
    void messageWhenNobodyCanReadItThenTheWholeIsReadInstead() {
        SessionView session = signIn("ada");
        redis.publish(DenylistKeys.CHANNEL, session.id().value() + ",not,an,entry");
        await().atMost(LIMIT).until(() -> isFresh(one) && isFresh(other));
        assertThat(check(one, session)).isEqualTo("accepted");
        revoke(session);
        await().atMost(LIMIT).until(() -> check(other, session).equals("denied"));
    }

    /** What has no room costs requests a round trip; it must not hide what comes behind it. */
    @Test
    void readingWhenAShardIsFullThenTheRestIsReadAllTheSame() {
        try (SessionRoom node = node(Map.of("latchkey.denylist.max-entries", "1000"))) {
            SessionView bob = signIn("bob");
            long now = Instant.now().toEpochMilli();
            String entry = "2147483647,2147483647," + now + "," + (now + 60_000);
            Shard first = new Shard(0);
            SecureRandom random = new SecureRandom();
            Stream.generate(() -> SessionId.random(random))
                    .filter(id -> Shard.of(id).equals(first))
                    .limit(20)
                    .forEach(id -> redis.hset(DenylistKeys.denied(first), id.value(), entry));
            redis.hset(DenylistKeys.DENIED_USERS, "bob", Long.toString(now + 1000));
            await().atMost(LIMIT).until(() -> isRevoked(node, bob));
            await().atMost(LIMIT).until(() -> !isFresh(node));
        }
    }

    @Test
    void readingWhenKeysHoldJunkThenItIsSkippedCountedAndTheRestIsRead() {
        SessionView session = signIn("ada");
        long now = Instant.now().toEpochMilli();
        redis.hset(
                DenylistKeys.denied(new Shard(0)),
                Map.of("junk", "junk", unknownSession().value(), "1,2,3"));
        redis.set(DenylistKeys.denied(new Shard(1)), "junk");
        redis.hset(DenylistKeys.DENIED_USERS, Map.of("eve", "junk", "bob", (now + 60_000) + ",later"));
        try (SessionRoom node = node(Map.of())) {
            LocalDenylistReport report = node.bean(LocalDenylistReport.class);
            await().atMost(LIMIT).until(() -> report.unreadable() == 4);
            redis.hset(
                    DenylistKeys.denied(Shard.of(session.id())),
                    session.id().value(),
                    "2147483647,2147483647," + now + "," + (now + 60_000) + ",later");
            await().atMost(LIMIT).until(() -> check(node, session).equals("denied"));
            assertThat(isRevoked(node, signIn("bob"))).isTrue();
            redis.del(DenylistKeys.denied(new Shard(0)), DenylistKeys.denied(new Shard(1)));
            await().atMost(LIMIT).until(() -> report.unreadable() == 1);
        }
    }

    @Test
    void readingWhenWhatIsKeptOfTombstonesIsJunkThenItIsSkippedCountedAndTheRestIsRead() {
        String days = DenylistKeys.lost(new Shard(2));
        redis.hset(
                DenylistKeys.ended(new Shard(0)),
                Map.of("junk", "junk", unknownSession().value(), "junk"));
        redis.set(DenylistKeys.ended(new Shard(1)), "junk");
        redis.hset(days, Map.of("version", "7", "20000", "A", "20001", "junk", "added-later", "AAA"));
        redis.hset(DenylistKeys.lost(new Shard(3)), Map.of("version", "junk", "20000", "AAA"));
        redis.set(DenylistKeys.lost(new Shard(4)), "junk");
        redis.set(DenylistKeys.HEARTBEATS.alone(), "junk");
        redis.del(DenylistKeys.CHANGED_ROLES);
        redis.set(DenylistKeys.CHANGED_ROLES, "junk");
        try (SessionRoom node = node(Map.of())) {
            LocalDenylistReport report = node.bean(LocalDenylistReport.class);
            await().atMost(LIMIT).until(() -> report.unreadable() == 6);
            await().atMost(LIMIT).until(report::isFresh);
        }
    }

    @Test
    void heartbeatWhenItsKeyIsOfAnotherTypeThenItMakesRoom() {
        redis.del(DenylistKeys.HEARTBEATS.alone());
        redis.lpush(DenylistKeys.HEARTBEATS.alone(), "junk");
        try (SessionRoom node = node(Map.of())) {
            await().atMost(LIMIT).until(() -> isFresh(node));
        }
    }

    @Test
    void redisWhenItsKeysHoldJunkThenWhatIsReadThereIsSkipped() {
        SessionView session = signIn("ada");
        String shard = DenylistKeys.denied(Shard.of(session.id()));
        redis.hset(shard, session.id().value(), "junk");
        redis.hset(DenylistKeys.DENIED_USERS, "ada", "junk");
        assertThat(checkInRedis(session)).isEqualTo("accepted");
        redis.del(shard, DenylistKeys.DENIED_USERS);
        redis.set(shard, "junk");
        redis.set(DenylistKeys.DENIED_USERS, "junk");
        assertThat(checkInRedis(session)).isEqualTo("accepted");
        one.bean(Denylist.class).denyUser(session.subject()).block(LIMIT);
        assertThat(redis.hget(DenylistKeys.DENIED_USERS, "ada"))
                .as("it made room")
                .matches("\\d+");
    }

    private String checkInRedis(SessionView session) {
        return answer(one.bean(RedisDenylist.class)
                .check(session.subject(), session.id(), session.generation(), session.created()));
    }

    @Test
    void checkWhenRedisIsAwayThenUnavailableAndWhatIsKnownStaysRefused() {
        SessionView session = signIn("ada");
        SessionView revoked = signIn("bob");
        revoke(revoked);
        REDIS.kill();
        await().atMost(LIMIT).until(() -> check(one, session).equals("unavailable"));
        assertThat(checkUser(one, session)).isEqualTo("unavailable");
        assertThat(check(one, revoked)).isEqualTo("denied");
        REDIS.restart();
        await().atMost(LIMIT).until(() -> check(one, session).equals("accepted") && isFresh(one));
    }

    @Test
    void checkWhenRedisStandsStillThenUnavailableOnceTheViewIsStale() {
        SessionView session = signIn("ada");
        REDIS.pause();
        try {
            await().atMost(LIMIT).until(() -> check(one, session).equals("unavailable"));
        } finally {
            REDIS.resume();
        }
        await().atMost(LIMIT).until(() -> isFresh(one));
    }

    @Test
    void checkWhenOperationsChoseToAllowThenUntilTheStatedLimitAndRotationsNever() {
        try (SessionRoom lenient =
                node(Map.of("latchkey.denylist.on-redis-outage", "allow", "latchkey.denylist.allow-for", "6s"))) {
            SessionView session = signIn("ada");
            SessionView revoked = signIn("bob");
            revoke(revoked);
            await().atMost(LIMIT).until(() -> check(lenient, revoked).equals("denied"));
            REDIS.kill();
            await().atMost(LIMIT).until(() -> check(one, session).equals("unavailable"));
            assertThat(check(lenient, session)).isEqualTo("accepted");
            assertThat(checkUser(lenient, session)).isEqualTo("unavailable");
            assertThat(check(lenient, revoked)).isEqualTo("denied");
            await().atMost(LIMIT).until(() -> check(lenient, session).equals("unavailable"));
            assertThat(lenient.bean(LocalDenylist.class).freshness().age())
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(6));
        }
    }

    @Test
    void checkWhenOperationsChoseToAllowAndNothingWasEverReadThenUnavailable() {
        REDIS.kill();
        try (SessionRoom lenient = SessionRoom.open(REDIS, Map.of("latchkey.denylist.on-redis-outage", "allow"))) {
            assertThat(answer(lenient.bean(Denylist.class)
                            .check(new Subject("ada"), unknownSession(), Generation.FIRST, Instant.now())))
                    .isEqualTo("unavailable");
        }
    }

    private SessionRoom node(Map<String, Object> own) {
        Map<String, Object> properties = new HashMap<>(Map.of("latchkey.denylist.read-interval", "1s"));
        properties.putAll(own);
        SessionRoom node = SessionRoom.open(REDIS, properties);
        await().atMost(LIMIT).until(() -> isFresh(node));
        return node;
    }

    private static boolean isFresh(SessionRoom node) {
        return node.bean(LocalDenylist.class).freshness().isFresh();
    }

    private static boolean isRevoked(SessionRoom node, SessionView session) {
        return node.bean(Denylist.class).isRevoked(session.subject(), session.id(), session.created());
    }

    private SessionView signIn(String user) {
        NewSession session = new NewSession(new Subject(user), "stamp", new ClientFacts("agent", "::1"));
        return Objects.requireNonNull(one.store().create(session).block(LIMIT)).fold(view -> view, () -> {
            throw new AssertionError("Redis is there");
        });
    }

    private void revoke(SessionView session) {
        one.revoker()
                .revoke(session.subject(), session.id(), RevocationReason.SIGNED_OUT)
                .block(LIMIT);
    }

    private static SessionId unknownSession() {
        return new SessionId("AbCdEfGhIjKlMnOpQrStUg");
    }

    private static String check(SessionRoom node, SessionView session) {
        return answer(node.bean(Denylist.class)
                .check(session.subject(), session.id(), session.generation(), session.created()));
    }

    private static String checkUser(SessionRoom node, SessionView session) {
        return answer(node.bean(Denylist.class).checkUser(session.subject(), session.created()));
    }

    private static String answer(Mono<Denylist.Answer> asked) {
        return Objects.requireNonNull(asked.block(LIMIT)).name().toLowerCase(Locale.ROOT);
    }
}
