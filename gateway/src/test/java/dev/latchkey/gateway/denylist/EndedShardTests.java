package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.EndedShard.Tombstone;
import dev.latchkey.gateway.token.SessionId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a node takes Redis for restored, and when not. */
final class EndedShardTests {

    private static final Duration SETTLED = Duration.ofMinutes(6);
    private static final Duration LIFE = Duration.ofDays(30);
    private static final Instant START = Instant.ofEpochSecond(1_800_000_000);
    private static final int ROOM = 1_000;

    private final SecureRandom random = new SecureRandom();
    private final EndedShard shard = new EndedShard();
    private final Map<SessionId, Tombstone> redis = new HashMap<>();

    @Test
    void learnWhenAnOldTombstoneIsMissingThenALossAndWhoEndedIsLost() {
        SessionId first = ends(START, LIFE);
        SessionId second = ends(START.plusSeconds(60), LIFE);
        assertThat(looks(START.plus(SETTLED).plusSeconds(60))).isFalse();
        redis.remove(second);
        Instant later = START.plus(SETTLED.multipliedBy(2));
        assertThat(looks(later)).isTrue();
        assertThat(shard.isLost(second, START, START.plusSeconds(60).plus(LIFE)))
                .isTrue();
        assertThat(shard.isLost(first, START, START.plus(LIFE))).isTrue();
        assertThat(shard.isLost(second, later, START.plusSeconds(60).plus(LIFE)))
                .as("what begins later is another session")
                .isFalse();
        assertThat(shard.isLost(SessionId.random(random), START, START.plus(LIFE)))
                .isFalse();
    }

    @Test
    void learnWhenYoungTombstonesAreMissingThenAFailoverAndNoLoss() {
        ends(START, LIFE);
        assertThat(looks(START.plus(SETTLED))).isFalse();
        SessionId young = ends(START.plus(SETTLED), LIFE);
        assertThat(looks(START.plus(SETTLED.multipliedBy(2)).minusSeconds(1))).isFalse();
        redis.remove(young);
        assertThat(looks(START.plus(SETTLED.multipliedBy(3)))).isFalse();
        assertThat(shard.lost().days()).isEmpty();
    }

    @Test
    void learnWhenAWitnessHasExpiredThenNoLossAndAnotherIsLookedFor() {
        ends(START, LIFE);
        SessionId brief = ends(START.plusSeconds(1), Duration.ofHours(1));
        looks(START.plus(SETTLED).plusSeconds(1));
        assertThat(shard.witness()).map(EndedShard.Witness::session).contains(brief);
        redis.remove(brief);
        Instant later = START.plus(Duration.ofHours(2));
        assertThat(looks(later)).isFalse();
        assertThat(shard.witness()).isPresent();
        assertThat(shard.isBehind(later, SETTLED)).isFalse();
        assertThat(shard.isBehind(later.plus(SETTLED).plusSeconds(1), SETTLED)).isTrue();
    }

    @Test
    void lostWhenAnotherTombstoneBecomesTheWitnessThenStays() {
        SessionId gone = ends(START, LIFE);
        looks(START.plus(SETTLED));
        redis.clear();
        Instant found = START.plus(SETTLED.multipliedBy(2));
        assertThat(looks(found)).isTrue();
        ends(found, LIFE);
        assertThat(looks(found.plus(SETTLED))).isFalse();
        assertThat(shard.witness()).isPresent();
        assertThat(shard.isLost(gone, START, START.plus(LIFE))).isTrue();
        assertThat(shard.hasUnshared()).isTrue();
        shard.shared(shard.lost().at(1));
        assertThat(shard.hasUnshared()).isFalse();
    }

    @Test
    void knownWhenTheDayIsOverThenForgotten() {
        SessionId session = ends(START, LIFE);
        looks(START);
        assertThat(shard.knows(session, START.plus(LIFE))).isTrue();
        assertThat(shard.size()).isEqualTo(1);
        redis.clear();
        looks(START.plus(LIFE).plus(Duration.ofDays(1)));
        assertThat(shard.size()).isZero();
    }

    @Test
    void lostWhenSharedThenAnotherNodeKnowsItToo() {
        SessionId gone = ends(START, LIFE);
        looks(START.plus(SETTLED));
        redis.clear();
        looks(START.plus(SETTLED.multipliedBy(2)));
        Map<String, String> fields = LostTombstones.NONE.changed(shard.lost());
        assertThat(fields).hasSize(1);
        fields.put("version", "1");
        fields.put("found", Long.toString(shard.lost().found().toEpochMilli()));
        fields.put("junk", "junk");
        EndedShard other = new EndedShard();
        other.adopt(LostTombstones.parse(fields));
        assertThat(other.isLost(gone, START, START.plus(LIFE))).isTrue();
        assertThat(other.lost().version()).isEqualTo(1);
        assertThat(LostTombstones.parse(fields).changed(shard.lost())).isEmpty();
    }

    private SessionId ends(Instant when, Duration left) {
        SessionId session = SessionId.random(random);
        redis.put(session, new Tombstone(when, when.plus(left)));
        return session;
    }

    private boolean looks(Instant when) {
        return shard.learn(redis, when, SETTLED, ROOM);
    }
}
