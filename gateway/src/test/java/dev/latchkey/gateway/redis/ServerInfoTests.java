package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.RedisServers.ReplicaHistory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is read out of a master's answers, and what is made of it over time. */
@ExtendWith(OutputCaptureExtension.class)
final class ServerInfoTests {

    private static final long START = 42;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void parseWhenOneReplicaIsStillBeingCopiedToThenOnlyTheOtherIsInTouch() {
        ServerInfo facts = ServerInfo.parse(
                """
                # Replication
                role:master
                connected_slaves:2
                slave0:ip=127.0.0.1,port=2,state=online,offset=42,lag=0
                slave1:ip=127.0.0.1,port=3,state=wait_bgsave,offset=0,lag=0
                master_replid:abc
                """.replace("\n", "\r\n"),
                "# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n",
                Capability.UNKNOWN);
        assertThat(facts)
                .isEqualTo(new ServerInfo(
                        Optional.of("abc"), Optional.of(1), Optional.of("noeviction"), Capability.UNKNOWN));
    }

    @Test
    void parseWhenTheAnswersSayNothingThenNothingIsKnown() {
        assertThat(ServerInfo.parse("", "# Memory\r\n", Capability.UNKNOWN))
                .isEqualTo(ServerInfo.of(Capability.UNKNOWN));
    }

    @ParameterizedTest
    @CsvSource({"noeviction, false", "allkeys-lru, true", "volatile-ttl, true", ", false"})
    void mayEvictWhenThePolicyIsKnownThenAllButOneMay(String policy, boolean may) {
        ServerInfo facts =
                new ServerInfo(Optional.empty(), Optional.empty(), Optional.ofNullable(policy), Capability.UNKNOWN);
        assertThat(facts.mayEvict()).isEqualTo(may);
    }

    @Test
    void hasReplicaWhenTheLastOneWasLostThenForAnotherMinute() {
        ReplicaHistory seen = ReplicaHistory.of(master("abc", 1), START);
        ReplicaHistory lost = seen.then(ReplicaHistory.of(master("abc", 0), START + MINUTE / 2));
        assertThat(lost.hasReplica(START + MINUTE - 1)).isTrue();
        assertThat(lost.hasReplica(START + MINUTE)).isFalse();
    }

    @Test
    void hasReplicaWhenItIsBackThenAgain() {
        ReplicaHistory back = ReplicaHistory.of(master("abc", 1), START)
                .then(ReplicaHistory.of(master("abc", 0), START + MINUTE))
                .then(ReplicaHistory.of(master("abc", 1), START + 2 * MINUTE));
        assertThat(back.hasReplica(START + 3 * MINUTE - 1)).isTrue();
    }

    @Test
    void hasReplicaWhenAnotherServerIsTheMasterThenOnlyIfItHasOne() {
        ReplicaHistory promoted =
                ReplicaHistory.of(master("abc", 1), START).then(ReplicaHistory.of(master("def", 0), START + 1));
        assertThat(promoted.hasReplica(START + 1)).isFalse();
    }

    @Test
    void hasReplicaWhenNeverSeenWithOneThenNot() {
        assertThat(ReplicaHistory.of(master("abc", 0), START).hasReplica(START)).isFalse();
        assertThat(ReplicaHistory.of(ServerInfo.of(Capability.UNKNOWN), START).hasReplica(START))
                .isFalse();
    }

    @Test
    void warningWhenThePolicyStaysThenOnceAndAgainWhenItChanges(CapturedOutput output) {
        ServerInfo.Warnings warning = new ServerInfo.Warnings();
        for (String policy : List.of("noeviction", "allkeys-lru", "allkeys-lru", "noeviction", "allkeys-lru")) {
            warning.note(List.of(
                    new ServerInfo(Optional.of("abc"), Optional.of(0), Optional.of(policy), Capability.UNKNOWN)));
        }
        warning.note(List.of(ServerInfo.of(Capability.UNKNOWN)));
        assertThat(output.getAll().lines().filter(line -> line.contains("has the maxmemory-policy allkeys-lru")))
                .hasSize(2);
        assertThat(output).contains("does not say its maxmemory-policy").doesNotContain("policy noeviction:");
    }

    private static ServerInfo master(String history, int replicas) {
        return new ServerInfo(
                Optional.of(history), Optional.of(replicas), Optional.of("noeviction"), Capability.UNKNOWN);
    }
}
