package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

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
final class MasterFactsTests {

    private static final long START = 42;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void parseWhenOneReplicaIsStillBeingCopiedToThenOnlyTheOtherIsInTouch() {
        MasterFacts facts = MasterFacts.parse(
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
                .isEqualTo(new MasterFacts(
                        Optional.of("abc"), Optional.of(1), Optional.of("noeviction"), Capability.UNKNOWN));
    }

    @Test
    void parseWhenTheAnswersSayNothingThenNothingIsKnown() {
        assertThat(MasterFacts.parse("", "# Memory\r\n", Capability.UNKNOWN))
                .isEqualTo(MasterFacts.of(Capability.UNKNOWN));
    }

    @ParameterizedTest
    @CsvSource({"noeviction, false", "allkeys-lru, true", "volatile-ttl, true", ", false"})
    void mayEvictWhenThePolicyIsKnownThenAllButOneMay(String policy, boolean may) {
        MasterFacts facts =
                new MasterFacts(Optional.empty(), Optional.empty(), Optional.ofNullable(policy), Capability.UNKNOWN);
        assertThat(facts.mayEvict()).isEqualTo(may);
    }

    @Test
    void hasReplicaWhenTheLastOneWasLostThenForAnotherMinute() {
        Sighting seen = Sighting.of(master("abc", 1), START);
        Sighting lost = seen.then(Sighting.of(master("abc", 0), START + MINUTE / 2));
        assertThat(lost.hasReplica(START + MINUTE - 1)).isTrue();
        assertThat(lost.hasReplica(START + MINUTE)).isFalse();
    }

    @Test
    void hasReplicaWhenItIsBackThenAgain() {
        Sighting back = Sighting.of(master("abc", 1), START)
                .then(Sighting.of(master("abc", 0), START + MINUTE))
                .then(Sighting.of(master("abc", 1), START + 2 * MINUTE));
        assertThat(back.hasReplica(START + 3 * MINUTE - 1)).isTrue();
    }

    @Test
    void hasReplicaWhenAnotherServerIsTheMasterThenOnlyIfItHasOne() {
        Sighting promoted = Sighting.of(master("abc", 1), START).then(Sighting.of(master("def", 0), START + 1));
        assertThat(promoted.hasReplica(START + 1)).isFalse();
    }

    @Test
    void hasReplicaWhenNeverSeenWithOneThenNot() {
        assertThat(Sighting.of(master("abc", 0), START).hasReplica(START)).isFalse();
        assertThat(Sighting.of(MasterFacts.of(Capability.UNKNOWN), START).hasReplica(START))
                .isFalse();
    }

    @Test
    void warningWhenThePolicyStaysThenOnceAndAgainWhenItChanges(CapturedOutput output) {
        EvictionWarning warning = new EvictionWarning();
        for (String policy : List.of("noeviction", "allkeys-lru", "allkeys-lru", "noeviction", "allkeys-lru")) {
            warning.note(List.of(
                    new MasterFacts(Optional.of("abc"), Optional.of(0), Optional.of(policy), Capability.UNKNOWN)));
        }
        warning.note(List.of(MasterFacts.of(Capability.UNKNOWN)));
        assertThat(output.getAll().lines().filter(it -> it.contains("has the maxmemory-policy allkeys-lru")))
                .hasSize(2);
        assertThat(output).contains("does not say its maxmemory-policy").doesNotContain("policy noeviction:");
    }

    private static MasterFacts master(String history, int replicas) {
        return new MasterFacts(
                Optional.of(history), Optional.of(replicas), Optional.of("noeviction"), Capability.UNKNOWN);
    }
}
