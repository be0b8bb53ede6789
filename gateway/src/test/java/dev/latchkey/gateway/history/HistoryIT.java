package dev.latchkey.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.history.HistoryChecker.Verdict;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A long random history on two nodes that die and come back. {@code -Dlatchkey.history.seconds} and
 * {@code -Dlatchkey.history.seed} say how long and which; without a seed it is another one each time.
 */
final class HistoryIT {

    private static final Duration ACCESS = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** No machine is so slow that it would look as if Redis were away. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static final Duration LIFE = Duration.ofSeconds(Long.getLong("latchkey.history.seconds", 60));
    private static final long SEED = Long.getLong("latchkey.history.seed", System.nanoTime() % 1_000_000);
    private static final int CLIENTS = 12;

    /** A slow machine plays less in the same time. */
    private static final int MANY = 2000;

    private static final Invariants PROMISES = new Invariants(GRACE, Duration.ofSeconds(1), true);

    @Test
    void clientsWhenNodesDieAndAnswersAreLostThenNobodyHonestIsRefused() {
        TestClock clock = new TestClock();
        try (RedisProcess redis = RedisProcess.start()) {
            Map<String, Object> address =
                    Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port());
            Cluster.Setting setting = new Cluster.Setting(2, address, PATIENT, ACCESS, GRACE, Optional.of(clock));
            Driver driver = new Driver(TimeScale.ofStory(clock), setting);
            try (Cluster cluster = driver.cluster()) {
                NodeDeaths deaths = new NodeDeaths(driver, new SeededRandom(SEED, -1), 300, 1200);
                Workload workload =
                        new Workload(driver, ClientProfile.lively(GRACE, ACCESS), PROMISES, ACCESS, SEED, CLIENTS);
                workload.signIn(PATIENT);
                workload.play(LIFE);
                workload.goOn(PATIENT);
                judge(new History(driver.exchanges(), deaths.all(), cluster.alarms()));
            }
        }
    }

    private static void judge(History history) {
        Verdict verdict = HistoryChecker.check(history, PROMISES);
        System.out.println("history of seed " + SEED + ": " + Summary.of(history));
        assertThat(verdict.violations())
                .as(() -> "seed " + SEED + ": " + Report.of(history, verdict.violations()))
                .isEmpty();
        assertThat(verdict.excused()).as("nothing was too late").isZero();
        if (history.exchanges().size() > MANY) {
            assertThat(history.exchanges().stream().map(Exchange::operation).collect(Collectors.toSet()))
                    .as("everything was tried")
                    .contains(Operation.values());
        }
    }
}
