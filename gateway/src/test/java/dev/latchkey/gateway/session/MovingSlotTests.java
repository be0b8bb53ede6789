package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.ClusteredRedis.MovingSlot;
import dev.latchkey.gateway.token.RefreshClaims;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster in which operators move a slot to another master while its sessions are used. */
final class MovingSlotTests {

    @RegisterExtension
    static final ClusteredRedis REDIS = ClusteredRedis.start();

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** The script names keys that are not there, about which neither master answers meanwhile. */
    @Test
    void rotateWhenItsSlotIsMovingThenAnsweredOnceItHasMoved() {
        try (ReplicatedRoom room = ReplicatedRoom.open(REDIS.properties())) {
            RefreshClaims claims = room.claims(room.create());
            String record = SessionKeys.record(claims.session());
            room.age(REDIS.master(record), claims.session());
            MovingSlot slot = REDIS.move(record);
            CompletableFuture<String> row = CompletableFuture.supplyAsync(() -> room.rotate(claims));
            await().atMost(LIMIT).until(MovingSlotTests::isPutOff);
            assertThat(slot.finish().say("HGET " + record + " gen")).isEqualTo("1");
            assertThat(row).succeedsWithin(LIMIT).isEqualTo("ROTATED with refresh");
        }
    }

    /** A move that somebody broke off is not the silence of a master. */
    @Test
    void rotateWhenItsSlotDoesNotArriveThenOthersOfThatMasterAreAnswered() {
        Map<String, Object> properties = new HashMap<>(REDIS.properties());
        properties.put("spring.data.redis.timeout", "1s");
        try (ReplicatedRoom room = ReplicatedRoom.open(properties)) {
            RefreshClaims moving = created(room, any -> true);
            String record = SessionKeys.record(moving.session());
            RefreshClaims other = created(
                    room,
                    its -> REDIS.master(its) == REDIS.master(record)
                            && SlotHash.getSlot(its) != SlotHash.getSlot(record));
            room.age(REDIS.master(record), moving.session());
            room.age(REDIS.master(record), other.session());
            MovingSlot slot = REDIS.move(record);
            assertThat(room.rotate(moving)).isEqualTo("unavailable");
            assertThat(room.rotate(other)).isEqualTo("ROTATED with refresh");
            slot.stop();
        }
    }

    /** A session with such a record, which no slot has taken elsewhere. */
    private static RefreshClaims created(ReplicatedRoom room, Predicate<String> record) {
        return Stream.generate(() -> room.claims(room.create()))
                .filter(claims -> record.test(SessionKeys.record(claims.session())))
                .filter(claims -> isAtFirstMaster(SessionKeys.record(claims.session())))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isAtFirstMaster(String record) {
        return REDIS.master(record).say("HGET " + record + " gen").equals("1");
    }

    private static boolean isPutOff() {
        return REDIS.masters().stream()
                .anyMatch(master ->
                        !master.info("errorstats", "errorstat_TRYAGAIN").isEmpty());
    }
}
