package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The denylist as Redis has it, read by a node that knows nothing yet. */
final class RedisDenylistTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SLOW = Duration.ofMinutes(2);
    private static final Subject ADA = new Subject("ada");
    private static final Subject BOB = new Subject("bob");
    private static final SessionId SESSION = new SessionId("AbCdEfGhIjKlMnOpQrStUg");

    private final InstantSource ownClock = InstantSource.offset(Clock.systemUTC(), SLOW.negated());
    private final RedisTime time = new RedisTime(ownClock);

    @BeforeEach
    void forget() {
        REDIS.flush();
    }

    @Test
    void checkWhenNothingIsDeniedThenTheNodeHasLearnedTheTimeAllTheSame() {
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of())) {
            assertThat(check(node, 1)).isEqualTo("accepted");
            assertThat(Duration.between(ownClock.instant(), time.instant()))
                    .isBetween(SLOW.minusSeconds(5), SLOW.plusSeconds(5));
        }
    }

    @Test
    void checkWhenTheNodesClockIsSlowThenTheClockOfRedisCounts() {
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of())) {
            long now = Instant.now().toEpochMilli();
            DenylistEntry entry = new DenylistEntry(2, 3, now - 1_000, now + 60_000);
            node.bean(DenylistRepair.class).restore(SESSION, entry).block(LIMIT);
            assertThat(check(node, 2)).isEqualTo("denied");
            assertThat(check(node, 3)).isEqualTo("accepted");
        }
    }

    @Test
    void readWhenTheNodesClockIsFastThenNothingIsForgottenThatStillRefuses() {
        RedisTime fast = new RedisTime(InstantSource.offset(Clock.systemUTC(), Duration.ofMinutes(10)));
        LocalDenylist local = TestDenylists.empty();
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of())) {
            Instant now = Instant.now();
            node.bean(DenylistRepair.class)
                    .restore(SESSION, DenylistEntry.revoked(now, now.plus(Duration.ofMinutes(6))))
                    .block(LIMIT);
            TestDenylists.reader(node.bean(RedisClient.class), fast, local)
                    .read()
                    .block(LIMIT);
        }
        assertThat(local.isRevoked(SESSION)).isTrue();
    }

    @Test
    void changeRolesWhenTheyAreOfAnotherTypeThenItMakesRoom() {
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of())) {
            REDIS.tell("SET " + DenylistKeys.CHANGED_ROLES + " junk");
            RedisDenylist denylist = node.bean(RedisDenylist.class);
            assertThat(denylist.changedRoles(ADA).blockOptional(LIMIT)).isEmpty();
            node.bean(Denylist.class).changeRoles(ADA, 2, Roles.NONE).block(LIMIT);
            assertThat(denylist.changedRoles(ADA).blockOptional(LIMIT)).isPresent();
        }
    }

    /** Each would have all identity tokens of the node looked through. */
    @Test
    void readWhenEndsOfUsersAndChangedRolesHaveEndedThenTheyAreNoNews() {
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of("latchkey.denylist.read-interval", "1h"))) {
            long ended = Instant.now().minus(Duration.ofDays(31)).toEpochMilli();
            REDIS.say("HSET " + DenylistKeys.DENIED_USERS + " ada " + ended);
            REDIS.say("HSET " + DenylistKeys.CHANGED_ROLES + " ada " + ended + ",1,customer");
            node.bean(FullSync.class).read().block(LIMIT);
            assertThat(node.revocationThreads()).isEmpty();
            REDIS.say("HSET " + DenylistKeys.DENIED_USERS + " bob "
                    + Instant.now().toEpochMilli());
            node.bean(FullSync.class).read().block(LIMIT);
            assertThat(node.revocationThreads()).hasSize(1);
        }
    }

    /** Sessions that began before keep their own end, and one that is in no list is denied by its user alone. */
    @Test
    void readWhenSessionsWereMadeToLiveShorterThenEndsOfUsersStayAsLongAsThoseFromBefore() {
        Instant ended = Instant.now().minus(Duration.ofHours(2));
        try (SessionRoom before = SessionRoom.open(REDIS, Map.of())) {
            before.bean(FullSync.class).read().block(LIMIT);
            before.bean(Denylist.class).denyUser(ADA, ended).block(LIMIT);
        }
        Map<String, Object> shorter =
                Map.of("latchkey.session.idle-timeout", "1h", "latchkey.session.absolute-timeout", "1h");
        try (SessionRoom after = SessionRoom.open(REDIS, shorter)) {
            Denylist denylist = after.bean(Denylist.class);
            for (int i = 0; i < 20; i++) {
                denylist.denyUser(new Subject("user-" + i)).block(LIMIT);
            }
            after.bean(FullSync.class).read().block(LIMIT);
            assertThat(denylist.isRevoked(ADA, SESSION, ended.minusMillis(1))).isTrue();
            assertThat(denylist.checkUser(BOB, ended).block(LIMIT)).isEqualTo(Denylist.Answer.ACCEPTED);
            assertThat(denylist.userLife()).isEqualTo(Duration.ofDays(30));
        }
    }

    /** Or a node that starts then would accept a withdrawn role. */
    @Test
    void readWhenRedisHasLostChangedRolesThenTheyAreWrittenBackForTheRestOfTheirTime() {
        Roles customer = Roles.of(List.of("customer"));
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of())) {
            RedisDenylist denylist = node.bean(RedisDenylist.class);
            node.bean(Denylist.class).changeRoles(ADA, 2, customer).block(LIMIT);
            node.bean(Denylist.class).changeRoles(BOB, 2, customer).block(LIMIT);
            Optional<RolesEntry> written = denylist.changedRoles(ADA).blockOptional(LIMIT);
            REDIS.say("DEL " + DenylistKeys.CHANGED_ROLES);
            denylist.changeRoles(BOB, 3, Roles.NONE).block(LIMIT);
            node.bean(FullSync.class).read().block(LIMIT);
            RolesEntry restored =
                    denylist.changedRoles(ADA).blockOptional(LIMIT).orElseThrow();
            assertThat(restored.roles()).isEqualTo(customer);
            assertThat(restored.revision()).isEqualTo(2);
            assertThat(Duration.between(written.orElseThrow().ends(), restored.ends()))
                    .isBetween(Duration.ofSeconds(-5), Duration.ofSeconds(5));
            assertThat(denylist.changedRoles(BOB)
                            .blockOptional(LIMIT)
                            .orElseThrow()
                            .revision())
                    .isEqualTo(3);
        }
    }

    /** As when the connection breaks and is back a moment later: a role may have been withdrawn. */
    @Test
    void checkWhenOnlyTheChangedRolesCannotBeReadThenUnavailableUnlessDenied() {
        try (SessionRoom node = SessionRoom.open(REDIS, Map.of())) {
            Denylist denylist = TestDenylists.unsynchronized(node.bean(RedisClient.class), time);
            assertThat(check(denylist)).isEqualTo(Denylist.Answer.ACCEPTED);
            REDIS.tell("ACL SETUSER default resetkeys ~latchkey:denied*");
            assertThat(check(denylist)).isEqualTo(Denylist.Answer.UNAVAILABLE);
            REDIS.say("HSET " + DenylistKeys.DENIED_USERS + " ada 99999999999999");
            assertThat(check(denylist)).isEqualTo(Denylist.Answer.DENIED);
        } finally {
            REDIS.tell("ACL SETUSER default allkeys");
        }
    }

    private static Denylist.Answer check(Denylist denylist) {
        return denylist.check(ADA, SESSION, Generation.FIRST, Instant.now())
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    private String check(SessionRoom node, int generation) {
        return TestDenylists.inRedis(node.bean(RedisClient.class), time)
                .check(ADA, SESSION, new Generation(generation), Instant.now())
                .<String>map(answer -> answer.name().toLowerCase(Locale.ROOT))
                .blockOptional(LIMIT)
                .orElseThrow();
    }
}
