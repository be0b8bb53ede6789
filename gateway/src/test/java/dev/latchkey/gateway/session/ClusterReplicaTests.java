package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster whose masters have a replica each: every script finds its slot, and each master has its own replica. */
final class ClusterReplicaTests {

    @RegisterExtension
    static final ClusteredRedis REDIS = ClusteredRedis.replicated();

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private ReplicatedRoom room;

    @BeforeEach
    void open() {
        room = ReplicatedRoom.open(REDIS.properties());
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void scriptsWhenRunOnAllMastersThenEachStaysInItsSlot() {
        List<SessionId> sessions = Stream.generate(room::create).limit(16).toList();
        for (SessionId session : sessions) {
            RefreshClaims first = room.claims(session);
            room.confirm(session);
            assertThat(room.commit(session, true)).isEqualTo(CommitOutcome.SET);
            room.rotateLater(masterOf(session), first);
            assertThat(room.rotate(first)).isEqualTo("REPLAYED with refresh");
            assertThat(room.revoke(session)).isEqualTo(RevokeOutcome.REVOKED);
        }
        assertThat(room.revokeAll()).isEqualTo(RevokeOutcome.REVOKED);
        assertThat(room.unacknowledged()).isZero();
        assertThat(REDIS.nodes())
                .allSatisfy(node -> assertThat(node.info("errorstats", "errorstat_CROSSSLOT"))
                        .isEmpty());
    }

    /** A replica may not have been told yet what is revoked. */
    @Test
    void startWhenReplicasAreToBeReadThenRefused() {
        Map<String, Object> properties = new HashMap<>(REDIS.properties());
        properties.put("spring.data.redis.lettuce.read-from", "replica");
        assertThatThrownBy(() -> SessionRoom.open(properties))
                .rootCause()
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("read-from");
    }

    @Test
    void rotateWhenTheReplicaOfOneMasterStandsStillThenOnlyItsNewBranchesAreUnavailable() {
        RefreshClaims here = room.claims(room.create());
        RefreshClaims there = room.claims(Stream.generate(room::create)
                .filter(session -> masterOf(session) != masterOf(here.session()))
                .findFirst()
                .orElseThrow());
        room.rotateLater(masterOf(here.session()), here);
        room.rotateLater(masterOf(there.session()), there);
        RedisProcess replica = REDIS.replica(SessionKeys.record(here.session()));
        replica.pause();
        try {
            assertThat(room.rotate(here)).isEqualTo("unavailable");
            assertThat(room.rotate(there)).isEqualTo("REPLAYED with refresh");
        } finally {
            replica.resume();
        }
        await().atMost(LIMIT).until(() -> room.rotate(here).equals("REPLAYED with refresh"));
    }

    private static RedisProcess masterOf(SessionId session) {
        return REDIS.master(SessionKeys.record(session));
    }
}
