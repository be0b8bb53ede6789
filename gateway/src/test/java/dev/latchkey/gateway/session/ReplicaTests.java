package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.session.SessionRevoker.EndOutcome;
import dev.latchkey.gateway.testing.redis.RedisMonitor;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A primary and a replica: which writes wait for it, and what becomes of them while it stands still. */
@ExtendWith(OutputCaptureExtension.class)
final class ReplicaTests {

    @RegisterExtension
    static final ReplicatedRedis REDIS = ReplicatedRedis.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ReplicatedRoom room;

    @BeforeEach
    void open() {
        REDIS.second().resume();
        REDIS.awaitInSync();
        room = ReplicatedRoom.open(REDIS.properties());
        REDIS.first().tell("CONFIG RESETSTAT");
    }

    @AfterEach
    void close() {
        REDIS.second().resume();
        room.close();
    }

    @Test
    void createAndRevokeWhenThereIsAReplicaThenEachWaitsForIt() {
        SessionId session = room.create();
        assertThat(waits()).isEqualTo(1);
        assertThat(REDIS.second().say("EXISTS " + SessionKeys.record(session))).isEqualTo("1");
        assertThat(room.revoke(session)).isEqualTo(RevokeOutcome.REVOKED);
        assertThat(waits()).isEqualTo(2);
    }

    @Test
    void createAndRevokeWhenTheReplicaStandsStillThenDoneAndReported(CapturedOutput output) {
        REDIS.second().pause();
        SessionId session = room.create();
        assertThat(room.revoke(session)).isEqualTo(RevokeOutcome.REVOKED);
        assertThat(REDIS.first().say("HGET " + DenylistKeys.ended(Shard.of(session)) + " " + session.value()))
                .startsWith("signed-out,");
        assertThat(output).contains("No replica of Redis confirmed a write in time");
        assertThat(room.unacknowledged()).isEqualTo(2);
    }

    @Test
    void createWhenTheUserMayNotAskForReplicasThenNobodyIsWaitedForAndThatIsSaid(CapturedOutput output) {
        REDIS.first().tell("ACL SETUSER blind on >sesame ~* &* +@all -info");
        Map<String, Object> properties = new HashMap<>(REDIS.properties());
        properties.put("spring.data.redis.username", "blind");
        properties.put("spring.data.redis.password", "sesame");
        try (ReplicatedRoom blind = ReplicatedRoom.open(properties)) {
            assertThat(blind.create()).isNotNull();
        }
        assertThat(waits()).isZero();
        assertThat(output).contains("Redis does not say its maxmemory-policy");
    }

    @Test
    void rotateWhenItGoesOnThenOneCallThatWaitsForNobody() {
        RefreshClaims first = room.claims(room.create());
        room.rotateLater(REDIS.first(), first);
        REDIS.second().pause();
        RefreshClaims second = room.claims(first.session(), 2);
        room.age(REDIS.first(), first.session());
        REDIS.first().tell("CONFIG RESETSTAT");
        try (RedisMonitor monitor = RedisMonitor.of(REDIS.first())) {
            assertThat(room.rotate(second)).isEqualTo("ROTATED with refresh");
            assertThat(callsOf(monitor, first.session()))
                    .singleElement()
                    .asString()
                    .contains("\"EVALSHA\"");
        }
        assertThat(waits()).isZero();
    }

    /** A failover that loses it would let a copy of the cookies go on without a proof. */
    @Test
    void rotateWhenItBindsThenItWaitsForTheReplica() {
        RefreshClaims first = room.claims(room.create());
        REDIS.second().pause();
        assertThat(room.register(first)).isEqualTo("unavailable");
        REDIS.second().resume();
        await().atMost(LIMIT).until(() -> room.register(first).equals("REPLAYED with refresh"));
        assertThat(REDIS.second().say("HEXISTS " + SessionKeys.record(first.session()) + " key"))
                .isEqualTo("1");
    }

    /** A failover that loses it would make its challenge good once more, for anybody who has seen the proof. */
    @Test
    void rotateWhenADeviceHasProvenItThenItWaitsAndGoesOn(CapturedOutput output) {
        RefreshClaims first = room.claims(room.create());
        assertThat(room.register(first)).isEqualTo("BOUND with refresh");
        REDIS.first().tell("CONFIG RESETSTAT");
        assertThat(room.prove(room.claims(first.session(), 2))).isEqualTo("ROTATED with refresh");
        assertThat(waits()).isEqualTo(1);

        REDIS.second().pause();
        assertThat(room.prove(room.claims(first.session(), 3))).isEqualTo("ROTATED with refresh");
        assertThat(output).contains("No replica of Redis confirmed a write in time");
    }

    @Test
    void rotateWhenANewBranchIsNotConfirmedThenUnavailableUntilTheReplicaGoesOn() {
        RefreshClaims first = room.claims(room.create());
        room.rotateLater(REDIS.first(), first);
        REDIS.second().pause();
        assertThat(room.rotate(first)).isEqualTo("unavailable");
        assertThat(room.unacknowledged()).isEqualTo(1);
        REDIS.second().resume();
        await().atMost(LIMIT).until(() -> room.rotate(first).equals("REPLAYED with refresh"));
    }

    @Test
    void commitWhenNotConfirmedThenARefreshTokenIsNotSetAndAnAccessTokenIs() {
        SessionId session = room.create();
        REDIS.second().pause();
        assertThat(room.commit(session, true)).isEqualTo(CommitOutcome.SET_NOTHING);
        assertThat(room.commit(session, false)).isEqualTo(CommitOutcome.SET);
        REDIS.second().resume();
        await().atMost(LIMIT).until(() -> room.commit(session, true) == CommitOutcome.SET);
    }

    @Test
    void rotateWhenReusedThenTheRevocationWaitsForTheReplica() {
        RefreshClaims first = room.claims(room.create());
        room.rotateLater(REDIS.first(), first);
        room.rotateLater(REDIS.first(), room.claims(first.session(), 2));
        assertThat(room.rotate(first)).isEqualTo("STALE");
        REDIS.first().say("HSET " + SessionKeys.record(first.session()) + " strike 1,1");
        REDIS.first().tell("CONFIG RESETSTAT");
        assertThat(room.rotate(first)).isEqualTo("REUSED");
        assertThat(waits()).isEqualTo(1);
    }

    /** The driver sends WAIT again on the new connection, where it would speak of no write at all. */
    @Test
    void rotateWhenTheConnectionBreaksWhileItWaitsThenThatIsNoConfirmation() {
        RefreshClaims first = room.claims(room.create());
        room.rotateLater(REDIS.first(), first);
        REDIS.second().pause();
        CompletableFuture<RotateOutcome> outcome = room.store().rotate(first).toFuture();
        awaitWaiting(outcome);
        REDIS.first().say("CLIENT KILL TYPE normal");
        awaitWaiting(outcome);
        REDIS.second().resume();
        assertThat(outcome).succeedsWithin(LIMIT).isInstanceOf(RotateOutcome.Unavailable.class);
    }

    /** It is sent again, and then finds the session ended: by itself. */
    @Test
    void endWhenTheConnectionBreaksWhileItWaitsThenTheAuditLogSaysIt() {
        RefreshClaims first = room.claims(room.create());
        REDIS.second().pause();
        CompletableFuture<EndOutcome> outcome = room.end(first).toFuture();
        awaitWaiting(outcome);
        REDIS.first().say("CLIENT KILL ID " + waiting());
        assertThat(outcome).succeedsWithin(LIMIT).isEqualTo(new EndOutcome.Ended(Optional.empty()));
        AuditEvent line =
                AuditEvent.sessionRevoked(first.subject(), first.session().publicId(), "user-gone");
        assertThat(room.audit()).containsExactly(line);

        REDIS.second().resume();
        assertThat(room.end(first).block(LIMIT)).isNotEqualTo(new EndOutcome.Ended(Optional.empty()));
        assertThat(room.audit()).as("another call").containsExactly(line);
    }

    /** The connection that waits for the replica, by its id. */
    private static String waiting() {
        return REDIS.first()
                .say("CLIENT LIST")
                .lines()
                .filter(client -> client.contains(" cmd=wait "))
                .map(client -> client.replaceAll("^id=(\\d+) .*", "$1"))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitWaiting(CompletableFuture<?> outcome) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(LIMIT)
                .until(() -> outcome.isDone()
                        || !REDIS.first().info("clients", "blocked_clients").equals("0"));
    }

    @Test
    void createWhenManyAtOnceWhileTheReplicaStandsStillThenAllDoneWithFewConnections() {
        REDIS.second().pause();
        assertThat(room.createMany(40)).isEqualTo(40);
        assertThat(Integer.parseInt(REDIS.first().info("clients", "connected_clients")))
                .isLessThan(20);
    }

    @Test
    void commitOfTheFirstGenerationWhenConfirmedThenTheReplicaHasIt() {
        SessionId session = room.create();
        assertThat(room.store().commit(session, Generation.FIRST, true).block(LIMIT))
                .isEqualTo(CommitOutcome.SET);
        String key = SessionKeys.record(session);
        assertThat(REDIS.second().say("HGET " + key + " 1"))
                .isEqualTo(REDIS.first().say("HGET " + key + " 1"));
    }

    /** What was sent for this session; heartbeats name none. */
    private static List<String> callsOf(RedisMonitor monitor, SessionId session) {
        return monitor.commands().stream()
                .filter(command -> command.contains(session.value()))
                .toList();
    }

    private static int waits() {
        String stats = REDIS.first().info("commandstats", "cmdstat_wait");
        return stats.isEmpty() ? 0 : Integer.parseInt(stats.replaceAll("^calls=(\\d+),.*", "$1"));
    }
}
