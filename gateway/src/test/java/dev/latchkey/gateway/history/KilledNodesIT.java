package dev.latchkey.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.history.HistoryChecker.Verdict;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A random history on two nodes that are processes of their own and die of SIGKILL, by real clocks: what a node had
 * rotated and not answered, or answered and not confirmed, signs nobody out on the other one.
 */
final class KilledNodesIT {

    private static final Duration ACCESS = Duration.ofSeconds(18);
    private static final Duration GRACE = Duration.ofSeconds(6);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LIFE = Duration.ofSeconds(Long.getLong("latchkey.killed-nodes.seconds", 24));
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SEED = Long.getLong("latchkey.history.seed", System.nanoTime() % 1_000_000);
    private static final int CLIENTS = 16;
    private static final int BETWEEN_DEATHS = 40;

    /**
     * Clients hurry as if all lives were half as long: the rest of grace is for processes that wait for the machine.
     * Only backends may still take longer than grace.
     */
    private static final ClientProfile TEMPER =
            ClientProfile.loyal(GRACE.dividedBy(2), ACCESS.dividedBy(2)).holding(ACCESS.dividedBy(2));

    private static final Invariants PROMISES = new Invariants(GRACE, Duration.ofSeconds(1), true);

    @Test
    void clientsWhenNodesAreKilledThenNobodyHonestIsRefused() throws IOException {
        assumeTrue(Files.exists(NodeProcess.JAR), "the jar is not built yet: mvnw package");
        NodeProcess.unpack();
        try (RedisProcess redis = RedisProcess.start()) {
            Map<String, Object> address =
                    Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port());
            Cluster.Setting setting = new Cluster.Setting(2, address, TIMEOUT, ACCESS, GRACE, Optional.empty(), true);
            Driver driver = new Driver(TimeScale.ofLife(), setting);
            try (Cluster cluster = driver.cluster()) {
                Workload workload = new Workload(driver, TEMPER, PROMISES, ACCESS, SEED, CLIENTS);
                workload.signIn(LIMIT);
                NodeDeaths deaths = new NodeDeaths(driver, new SeededRandom(SEED, -1), BETWEEN_DEATHS, BETWEEN_DEATHS);
                workload.play(LIFE);
                workload.goOn(LIMIT);
                judge(new History(driver.exchanges(), deaths.all(), cluster.alarms()));
            }
        }
    }

    private static void judge(History history) {
        Verdict verdict = HistoryChecker.check(history, PROMISES);
        System.out.println("killed nodes of seed " + SEED + ": " + Summary.of(history) + ", "
                + history.nemeses().size() + " deaths, " + verdict.excused() + " excused for being too late");
        assertThat(verdict.violations())
                .as(() -> "seed " + SEED + ": " + Report.of(history, verdict.violations()))
                .isEmpty();
        assertThat(history.nemeses()).as("nodes died").isNotEmpty();
    }
}
