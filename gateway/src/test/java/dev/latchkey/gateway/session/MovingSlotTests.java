package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.ClusteredRedis.MovingSlot;
import dev.latchkey.gateway.token.RefreshClaims;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

    private static boolean isPutOff() {
        return REDIS.masters().stream()
                .anyMatch(master ->
                        !master.info("errorstats", "errorstat_TRYAGAIN").isEmpty());
    }
}
