package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the local denylist keeps, for how long, and how much of it. */
final class LocalDenylistTests {

    private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final Duration USER_LIFE = Duration.ofDays(30);
    private static final Subject ADA = new Subject("ada");
    private static final Subject BOB = new Subject("bob");

    private final SecureRandom random = new SecureRandom();
    private final LocalDenylist local = denylist(2 * Shard.COUNT);

    @Test
    void refusesWhenTakenThenThatSessionOnly() {
        SessionId session = SessionId.random(random);
        assertThat(local.take(session, floor(3))).isTrue();
        assertThat(local.refuses(session, new Generation(2), CLOCK)).isTrue();
        assertThat(local.refuses(session, new Generation(3), CLOCK)).isFalse();
        assertThat(local.refuses(SessionId.random(random), new Generation(1), CLOCK))
                .isFalse();
    }

    @Test
    void takeWhenAnOlderEntryComesLaterThenNothingIsLost() {
        SessionId session = SessionId.random(random);
        local.take(session, floor(3));
        local.take(session, floor(1));
        assertThat(local.refuses(session, new Generation(2), CLOCK)).isTrue();
    }

    @Test
    void refusesUserWhenTheSessionBeganBeforeTheInstantThenTrue() {
        local.takeUser(ADA, NOW);
        local.takeUser(ADA, NOW.minusSeconds(5));
        assertThat(local.refusesUser(ADA, NOW.minusMillis(1))).isTrue();
        assertThat(local.refusesUser(ADA, NOW)).isFalse();
        assertThat(local.refusesUser(BOB, Instant.EPOCH)).isFalse();
    }

    @Test
    void forgetEndedWhenEndedThenGoneAndNothingElse() {
        SessionId ended = SessionId.random(random);
        SessionId living = SessionId.random(random);
        local.take(ended, new DenylistEntry(3, 3, 0, NOW.toEpochMilli()));
        local.take(living, new DenylistEntry(3, 3, 0, NOW.toEpochMilli() + 1));
        local.takeUser(ADA, NOW.minus(USER_LIFE));
        local.takeUser(BOB, NOW.minus(USER_LIFE).plusMillis(1));
        local.forgetEnded(NOW);
        assertThat(local.sessions()).isEqualTo(1);
        assertThat(local.refuses(living, Generation.FIRST, CLOCK)).isTrue();
        assertThat(local.users()).isEqualTo(1);
        assertThat(local.knowsUser(BOB, Instant.EPOCH)).isTrue();
    }

    @Test
    void forgetEndedWhenTokensLiveLongerHereThanWhereTheSessionWasRevokedThenKeptForThem() {
        Duration life = Duration.ofMinutes(61);
        LocalDenylist longer = denylist(2 * Shard.COUNT, life);
        SessionId session = SessionId.random(random);
        DenylistEntry written = DenylistEntry.revoked(NOW, NOW.plus(Duration.ofMinutes(6)));
        longer.take(session, written);
        assertThat(longer.missing(Shard.of(session), Map.of(session, written), NOW))
                .as("so that a node that starts later knows it")
                .containsOnlyKeys(session);
        longer.forgetEnded(NOW.plus(life).minusMillis(1));
        assertThat(longer.isRevoked(session)).isTrue();
        longer.forgetEnded(NOW.plus(life));
        assertThat(longer.isRevoked(session)).isFalse();
    }

    @Test
    void remainingWhenTokensLiveLongerHereThanWhereTheRolesWereChangedThenKeptForThem() {
        Duration life = Duration.ofMinutes(61);
        LocalDenylist longer = denylist(2 * Shard.COUNT, life);
        Roles carried = Roles.of(List.of("admin", "customer"));
        Roles left = Roles.of(List.of("customer"));
        RolesEntry written = new RolesEntry(NOW.plus(Duration.ofMinutes(6)), 7, left);
        longer.takeRoles(ADA, written, NOW);
        longer.takeRoles(ADA, written, NOW.plusSeconds(15));
        Instant last = NOW.plus(life).minusMillis(1);
        longer.forgetEnded(last);
        assertThat(longer.remaining(ADA, carried, InstantSource.fixed(last))).isEqualTo(left);
        longer.takeRoles(ADA, written, NOW.plus(life));
        assertThat(longer.remaining(ADA, carried, InstantSource.fixed(NOW.plus(life))))
                .isEqualTo(carried);
    }

    @Test
    void takeWhenFullThenRefusedButForWhatIsKnown() {
        LocalDenylist small = denylist(1);
        SessionId first = SessionId.random(random);
        assertThat(small.take(first, floor(1))).isTrue();
        assertThat(small.take(inShardOf(first), floor(1))).isFalse();
        assertThat(small.take(first, floor(2))).isTrue();
        assertThat(small.takeUser(ADA, NOW)).isTrue();
        assertThat(small.takeUser(BOB, NOW)).isFalse();
        assertThat(small.takeUser(ADA, NOW.plusSeconds(1))).isTrue();
    }

    @Test
    void missingWhenRedisHasItAsStrictlyThenNotElseYes() {
        SessionId session = SessionId.random(random);
        Shard shard = Shard.of(session);
        local.take(session, floor(3));
        assertThat(local.missing(shard, Map.of(session, floor(3)), NOW)).isEmpty();
        assertThat(local.missing(shard, Map.of(session, floor(4)), NOW)).isEmpty();
        assertThat(local.missing(shard, Map.of(session, floor(2)), NOW)).containsOnlyKeys(session);
        assertThat(local.missing(shard, Map.of(), NOW)).containsOnlyKeys(session);
        assertThat(local.missing(shard, Map.of(), NOW.plusSeconds(3600)))
                .as("ended")
                .isEmpty();
        assertThat(local.missing(new Shard((shard.number() + 1) % Shard.COUNT), Map.of(), NOW))
                .isEmpty();
    }

    @Test
    void missingUsersWhenRedisHasTheInstantThenNotElseYes() {
        local.takeUser(ADA, NOW);
        assertThat(local.missingUsers(Map.of(ADA, NOW), NOW)).isEmpty();
        assertThat(local.missingUsers(Map.of(ADA, NOW.minusMillis(1)), NOW)).containsEntry(ADA, NOW);
        assertThat(local.missingUsers(Map.of(), NOW)).containsOnlyKeys(ADA);
        assertThat(local.missingUsers(Map.of(), NOW.plus(USER_LIFE))).isEmpty();
    }

    /** As they come from messages: each with an id and an entry of its own. */
    @Test
    void localWhenThereAreAMillionThenTheyFitIn200Megabytes() {
        LocalDenylist many = denylist(2_000_000);
        Random ids = new Random(1);
        byte[] bits = new byte[16];
        long before = usedHeap();
        for (int i = 0; i < 1_000_000; i++) {
            ids.nextBytes(bits);
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
            many.take(new SessionId(id), floor(i));
        }
        assertThat(usedHeap() - before).isLessThan(200_000_000L);
        assertThat(many.sessions()).isEqualTo(1_000_000);
    }

    private static LocalDenylist denylist(int most) {
        return denylist(most, Duration.ZERO);
    }

    private static LocalDenylist denylist(int most, Duration accessLife) {
        return new LocalDenylist(USER_LIFE, accessLife, most, new Freshness(Duration.ofSeconds(3), () -> 0), List.of());
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static DenylistEntry floor(int floor) {
        return new DenylistEntry(
                floor, floor, NOW.toEpochMilli(), NOW.plusSeconds(60).toEpochMilli());
    }

    private SessionId inShardOf(SessionId other) {
        SessionId session = SessionId.random(random);
        while (!Shard.of(session).equals(Shard.of(other))) {
            session = SessionId.random(random);
        }
        return session;
    }
}
