package dev.latchkey.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.history.Exchange.Travel;
import dev.latchkey.gateway.history.HistoryChecker.Verdict;
import dev.latchkey.gateway.history.Nemesis.Kind;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Random histories through the faults of real Redis servers, by real clocks: anyone who stays signed in waits, learns
 * when to come again, and goes on. Requests that a slow machine kept for longer than grace are excused, and counted.
 */
final class RedisFaultsIT {

    private static final Duration ACCESS = Duration.ofSeconds(9);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LIFE = Duration.ofSeconds(Long.getLong("latchkey.faults.seconds", 14));
    private static final long SEED = Long.getLong("latchkey.history.seed", System.nanoTime() % 1_000_000);
    private static final int CLIENTS = 16;

    /** After which all must be as before, on a slow machine too. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private static final long FIRST = 4_000;
    private static final long SECOND = 7_000;
    private static final long THIRD = 10_000;

    @Test
    void clientsWhenRedisIsKilledAndStoppedThenWaitAndGoOn() {
        try (RedisProcess redis = RedisProcess.start()) {
            Map<String, Object> address =
                    Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port());
            play(address, true, scene -> {
                scene.at(FIRST, () -> aside(redis::restart));
                scene.at(SECOND, () -> {
                    redis.pause();
                    scene.allRefresh();
                });
                scene.at(THIRD, redis::resume);
            });
        }
    }

    @Test
    void clientsWhenAFailoverLosesWritesThenRecovered() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched()) {
            List<String> audit = play(redis.sentinelProperties(), false, scene -> {
                Runnable kill = () -> aside(() -> {
                    redis.first().kill();
                    scene.allRefresh();
                });
                scene.at(
                        FIRST,
                        () -> aside(() -> {
                            redis.cutOff();
                            scene.onceAClientRotated(kill);
                        }));
            });
            redis.awaitPrimary(redis.second());
            assertThat(audit).as("rotations were lost").contains("session-recovered");
        }
    }

    @Test
    void clientsWhenAClusterLosesAMasterThenGoOn() {
        try (ClusteredRedis redis = ClusteredRedis.replicated()) {
            play(
                    redis.properties(),
                    false,
                    scene -> scene.at(
                            FIRST,
                            () -> aside(() -> {
                                withMostSessions(redis).kill();
                                scene.allRefresh();
                            })));
        }
    }

    /** So that it is some client's master for certain. */
    private static RedisProcess withMostSessions(ClusteredRedis redis) {
        return redis.masters().stream()
                .max(Comparator.comparingLong(
                        master -> master.say("KEYS latchkey:session:*").lines().count()))
                .orElseThrow();
    }

    /** The audit, once the history was judged. */
    private static List<String> play(Map<String, Object> redis, boolean keepsWrites, Faults faults) {
        Invariants invariants = new Invariants(GRACE, Duration.ofSeconds(1), keepsWrites);
        Driver driver =
                new Driver(TimeScale.ofLife(), new Cluster.Setting(2, redis, TIMEOUT, ACCESS, GRACE, Optional.empty()));
        try (Cluster cluster = driver.cluster()) {
            Workload workload =
                    new Workload(driver, ClientProfile.loyal(GRACE, ACCESS), invariants, ACCESS, SEED, CLIENTS);
            long begins = TimeScale.trueTime();
            workload.signIn(RECOVERY);
            faults.plan(new Scene(driver, workload, driver.schedule().now()));
            workload.play(LIFE);
            workload.goOn(RECOVERY);
            List<Alarm> alarms =
                    cluster.alarms().stream().filter(Alarm::isReuse).toList();
            Nemesis away = new Nemesis(Kind.REDIS_AWAY, begins, TimeScale.trueTime());
            judge(new History(driver.exchanges(), List.of(away), alarms), invariants);
            return cluster.audit();
        }
    }

    private static void judge(History history, Invariants invariants) {
        Verdict verdict = HistoryChecker.check(history, invariants);
        System.out.println("faults of seed " + SEED + ": " + Summary.of(history) + ", " + verdict.excused()
                + " excused for being too late");
        assertThat(verdict.violations())
                .as(() -> "seed " + SEED + ": " + Report.of(history, verdict.violations()))
                .isEmpty();
        assertThat(history.exchanges())
                .as("the fault was noticed")
                .anyMatch(exchange -> exchange.reply().status() == 503);
    }

    /** The clients must not wait for a server. */
    private static void aside(Runnable fault) {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(fault);
    }

    /** What happens to Redis when. */
    private interface Faults {

        void plan(Scene scene);
    }

    /** A play that has begun. */
    private record Scene(Driver driver, Workload workload, long begin) {

        void at(long time, Runnable fault) {
            driver.schedule().at(begin + time, fault);
        }

        /** All at once, so that some client notices for certain; from any thread. */
        void allRefresh() {
            driver.schedule().post(workload::refresh);
        }

        /** Breaks Redis once a client has rotated; from any thread. */
        void onceAClientRotated(Runnable fault) {
            driver.schedule().post(() -> {
                int before = driver.composed();
                AtomicBoolean rotated = new AtomicBoolean();
                driver.watch(exchange -> {
                    if (exchange.number() > before && isRotated(exchange) && rotated.compareAndSet(false, true)) {
                        at(SECOND, fault);
                    }
                });
                workload.refresh();
            });
        }

        /** Whether the client has, or is about to have, tokens of a generation that its request did not know. */
        private static boolean isRotated(Exchange exchange) {
            Optional<Integer> presented = exchange.presented().refresh().map(TokenFacts::generation);
            Optional<Integer> given = exchange.reply().refresh().map(TokenFacts::generation);
            return exchange.travel().landed() != Travel.NEVER
                    && presented.isPresent()
                    && given.isPresent()
                    && given.get() > presented.get();
        }
    }
}
