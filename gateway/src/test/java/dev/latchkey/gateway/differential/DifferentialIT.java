package dev.latchkey.gateway.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.testing.NameServer;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import dev.latchkey.gateway.token.EndpointPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LoggingSystem;

/**
 * The same conversations with a gateway that has the lane and one that has not: what backends and clients get is the
 * same. {@code -Dlatchkey.differential.seconds} and {@code -Dlatchkey.differential.seed} say how long and which;
 * without a seed it is another one each time. Each round has a seed of its own, which a failure prints and with which a
 * run begins. What {@link Happening} lists happens in each; {@link Stop} is the last of all.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DifferentialIT {

    private static final long SECONDS = Long.getLong("latchkey.differential.seconds", 60);
    private static final long SEED = Long.getLong("latchkey.differential.seed", System.nanoTime() % 1_000_000);
    private static final int MOST = Integer.getInteger("latchkey.differential.most", 1);
    private static final int ROUND = 85;
    /** Of runs, by the seed. */
    private static final int KINDS = 4;

    private static final int MUTATED = 300;

    /** Of the conversations in which the judge has to find each mutation: not every seed plays all that are mutated. */
    private static final long JUDGED = 1;

    private static final String AGAIN = "./mvnw -pl gateway verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dit.test=DifferentialIT -Dlatchkey.differential.seed=";

    private static final String WITH_TLS = "with TLS";

    private static final TestClock CLOCK = new TestClock();
    private static final NameServer NAMES = new NameServer();

    private static final List<String> HAPPENINGS =
            Stream.of(Happening.values()).map(Happening::toString).toList();

    private static CompanyProvider company;
    private static Side chain;
    private static Side lane;
    private static Weather weather;

    private final Map<String, Integer> played = new TreeMap<>();
    private final List<String> found = new ArrayList<>();
    private int givenUp;
    private int whole;
    private int forwarded;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        KeyRing keys = new KeyRing(Files.createDirectory(folder.resolve("keys")), CLOCK, algorithm(SEED));
        company = new CompanyProvider(folder, paths(), CLOCK);
        Side.Shared shared = new Side.Shared(keys, LocalCertificate.in(folder), CLOCK, NAMES, paths(), company);
        // In turn: two that begin at once disturb each other's logging, which is one for the process.
        lane = side("lane", shared, true);
        chain = side("chain", shared, false);
        weather = new Weather(List.of(chain, lane), CLOCK, keys);
    }

    private static Side side(String name, Side.Shared shared, boolean hasLane) {
        return new Side(
                name,
                shared,
                Map.of(
                        "latchkey.lane.enabled",
                        hasLane,
                        "latchkey.trusted-proxies",
                        isProxied() ? "127.0.0.0/8" : "",
                        "latchkey.paths.prefix",
                        paths().prefix(),
                        "latchkey.backends.dns.servers",
                        NAMES.address()));
    }

    /** Whether what clients say of those before them is believed; all seeds of a run are of one kind. */
    private static boolean isProxied() {
        return SEED % 2 == 0;
    }

    /** Whether the gateway's own endpoints have been moved, and {@code /auth} is a backend's; as above. */
    private static EndpointPaths paths() {
        return SEED / 2 % 2 == 0 ? EndpointPaths.DEFAULT : new EndpointPaths("/gate");
    }

    /** One with which the lane signs at once, and one with which a first use goes to the chain. */
    private static IdentityAlgorithm algorithm(long seed) {
        return seed / KINDS % 2 == 0 ? IdentityAlgorithm.ES256 : IdentityAlgorithm.RS256;
    }

    @AfterAll
    static void stop() {
        chain.close();
        lane.close();
        company.close();
        NAMES.close();
        LoggingSystem.get(DifferentialIT.class.getClassLoader()).setLogLevel("dev.latchkey", null);
    }

    @Test
    void laneWhenItIsAskedTheSameAsTheChainThenBackendsAndClientsGetTheSame() {
        assumeTrue(SECONDS > 0, "-Dlatchkey.differential.seconds says for how long");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int rounds = 0;
        double before = lane.onLane();
        while (System.nanoTime() < end && found.size() < MOST) {
            // The first is played whole, however slow the machine is.
            round(SEED + (long) KINDS * rounds, rounds == 0 ? Long.MAX_VALUE : end);
            rounds++;
        }
        System.out.printf(
                "differential of seed %d: %d rounds, %d given up, %.0f of %d requests on the lane, %s%n",
                SEED, rounds, givenUp, lane.onLane() - before, forwarded, played);
        assertThat(found).isEmpty();
        assertThat(played.keySet()).as("in %d whole rounds", whole).containsAll(whole > 0 ? HAPPENINGS : List.of());
        assertThat(played.keySet()).containsAll(whole > 0 ? Outcome.SIGNS : List.of());
        assertThat(played.keySet()).contains(WITH_TLS);
        assertThat(lane.onLane() - before)
                .as("requests on the lane, of " + forwarded + " that reached a backend")
                .isGreaterThan(forwarded / 3.0);
        assertThat(chain.onLane()).as("requests on the lane that is off").isZero();
        assertThat(givenUp).as("rounds without a judgement").isLessThanOrEqualTo(1 + rounds / 4);
    }

    /** Who finds nothing here would find nothing in a lane that is wrong. */
    @ParameterizedTest
    @EnumSource(Mutation.class)
    void judgeWhenOneBackendAnswersOtherwiseThenItIsFound(Mutation mutation) {
        weather.clearUp(algorithm(SEED));
        lane.backend().mutate(mutation::of);
        try {
            assertThat(IntStream.range(0, MUTATED)
                            .anyMatch(number -> !play(Conversations.of(JUDGED, number))
                                    .differences()
                                    .isEmpty()))
                    .as("found")
                    .isTrue();
        } finally {
            lane.backend().mutate(UnaryOperator.identity());
        }
    }

    /** Behind all others, which need both. */
    @Test
    @Order(Integer.MAX_VALUE)
    void laneWhenTheNodeStopsThenBackendsAndClientsGetTheSame() {
        weather.clearUp(algorithm(SEED));
        Stop stop = Stop.of(SEED);
        chain.notes().begin();
        lane.notes().begin();
        CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> stop.play(chain));
        Outcome ofLane = stop.play(lane);
        assertThat(Judge.compare(stop.conversation(), chain, other.join(), lane, ofLane))
                .as("of seed " + SEED + ", " + stop)
                .isEmpty();
        assertThat(lane.notes().lines(false)).isEqualTo(chain.notes().lines(false));
    }

    private void round(long seed, long end) {
        weather.clearUp(algorithm(seed));
        seen(algorithm(seed).name());
        Map<Integer, Happening> plan = Happening.plan(seed, ROUND);
        List<String> happened = new ArrayList<>();
        for (int number = 0; number < ROUND && (end == Long.MAX_VALUE || System.nanoTime() < end); number++) {
            Happening planned = plan.get(number);
            String event = weather.next(planned, new Choice(seed, -1 - number));
            if (!event.isEmpty()) {
                happened.add("before " + number + " " + event);
                seen(event);
            }
            Conversation conversation = planned != null && planned.isWithin()
                    ? Conversations.of(seed, number, planned)
                    : Conversations.of(seed, number);
            seen(conversation.kind());
            if (conversation.transport().isSecure()) {
                seen(WITH_TLS);
            }
            Played result = play(conversation);
            forwarded += result.forwarded();
            result.signs().forEach(this::seen);
            // What the sides know of their users is no longer the same.
            if (result.isUnavailable() && !weather.isPaused()) {
                givenUp++;
                return;
            }
            if (!result.differences().isEmpty()) {
                report(
                        "round of seed " + seed + ", conversation " + number + ", " + happened + "\n  again with "
                                + AGAIN + seed,
                        conversation,
                        result);
                return;
            }
            whole += number == ROUND - 1 ? 1 : 0;
        }
    }

    private void seen(String what) {
        played.merge(what.replaceFirst("^(ada|bob|root|grace) ", "a user "), 1, Integer::sum);
    }

    private void report(String where, Conversation conversation, Played result) {
        String all = where + ", " + conversation.kind() + ", " + conversation.transport() + "\n  "
                + String.join("\n  ", result.differences()) + "\n  steps " + conversation.steps() + "\n  answers "
                + conversation.answers();
        System.out.println("differs: " + all);
        found.add(all);
    }

    private static Played play(Conversation conversation) {
        Count count = new Count(chain, lane);
        CompletableFuture<Outcome> other =
                CompletableFuture.supplyAsync(() -> ConversationRunner.play(chain, conversation));
        Outcome ofLane = ConversationRunner.play(lane, conversation);
        Outcome ofChain = other.join();
        List<String> differences = new ArrayList<>(Judge.compare(conversation, chain, ofChain, lane, ofLane));
        if (differences.isEmpty()) {
            differences.addAll(count.compare(conversation, ofLane));
        }
        return new Played(
                differences,
                ofLane.arrivals().size(),
                ofLane.signs(),
                ofChain.isUnavailable() || ofLane.isUnavailable());
    }

    /** A conversation that both sides have had. */
    private record Played(List<String> differences, int forwarded, Set<String> signs, boolean isUnavailable) {}
}
