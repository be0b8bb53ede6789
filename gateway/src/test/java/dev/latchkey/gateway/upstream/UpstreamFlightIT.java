package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.upstream.Relayed.Token;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * 200 requests at once on three nodes, each time as a refresh is due, with a provider that ends the family of a refresh
 * token that comes twice: one token request a round, whatever goes wrong, and nobody is refused whom it did not refuse.
 * {@code -Dlatchkey.upstream.rounds=20} plays longer.
 */
final class UpstreamFlightIT {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final int ROUNDS = Integer.getInteger("latchkey.upstream.rounds", 3);
    private static final int REQUESTS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String REFRESH = "refresh_token";
    private static final Timing USUAL =
            new Timing(Duration.ofSeconds(8), Duration.ofSeconds(12), Duration.ofSeconds(5), Duration.ofHours(1));

    /** A node that does not come back is noticed soon. */
    private static final Timing SHORT =
            new Timing(Duration.ofSeconds(8), Duration.ofMillis(8_500), Duration.ofMillis(200), Duration.ofHours(1));

    private static final List<UpstreamNode> NODES = new ArrayList<>();
    private static final ExecutorService CLIENTS = Executors.newFixedThreadPool(64);
    private static StrictProvider provider;
    private static StrictProviderClient client;
    private static RedisClient connection;
    private static RedisCommands<String, String> redis;
    private ProviderSession session;
    private int reusedBefore;

    @BeforeAll
    static void open() {
        provider = new StrictProvider();
        client = new StrictProviderClient(provider);
        for (int i = 0; i < 3; i++) {
            NODES.add(UpstreamNode.open(
                    Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", REDIS.port()), client));
        }
        connection = RedisClient.create(REDIS.uri());
        redis = connection.connect().sync();
    }

    @AfterAll
    static void close() {
        CLIENTS.shutdownNow();
        connection.shutdown();
        NODES.forEach(UpstreamNode::close);
        provider.close();
    }

    @BeforeEach
    void begin() {
        provider.heal();
        client.timing(USUAL);
        redis.flushall();
        session = ProviderSession.begin(NODES.get(0), client, redis, Map.of());
        provider.received().clear();
        reusedBefore = provider.reused();
    }

    @Test
    void requestsWhenARefreshIsDueThenOneTokenRequestARoundAndTheNextRefreshWorks() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            assertThat(rotations()).as("round %d", round).containsOnly("ROTATED", "REPLAYED");
            awaitNumber(round + 1);
            assertThat(provider.tokenRequests(REFRESH)).isEqualTo(round);
        }
        assertThat(provider.reused()).isEqualTo(reusedBefore);
    }

    /** All of them want the provider's token, which has ended: they wait for one call, and get the same. */
    @Test
    void relayingRequestsWhenTheTokenHasEndedThenOneTokenRequestARoundAndAllGetWhatItBrought() throws Exception {
        Set<Relayed> seen = new HashSet<>();
        for (int round = 1; round <= ROUNDS; round++) {
            session.end();
            Set<Relayed> relayed = relayed();
            assertThat(relayed).hasSize(1).allMatch(Token.class::isInstance);
            assertThat(seen.addAll(relayed)).as("a new one").isTrue();
            assertThat(provider.tokenRequests(REFRESH)).isEqualTo(round);
            NODES.forEach(node -> node.bean(AccessTokenCache.class).sessionRevoked(session.id()));
        }
        assertThat(provider.reused()).isEqualTo(reusedBefore);
    }

    @Test
    void requestsWhenTheProviderTakesThreeSecondsThenNobodyWaitsAndOneTokenRequest() throws Exception {
        provider.next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(3)));
        assertThat(rotations()).containsOnly("ROTATED", "REPLAYED");
        assertThat(session.number())
                .as("the requests were answered before the provider")
                .isEqualTo(1);
        awaitNumber(2);
        assertThat(provider.tokenRequests(REFRESH)).isEqualTo(1);
    }

    @Test
    void requestsWhenTheProviderIsAwayForAWhileThenTheyGoOnAndTheTokenIsNeverSentTwiceAtOnce() throws Exception {
        ProviderTrouble away = ProviderTrouble.answers(503, Map.of("Retry-After", "1"), "");
        provider.next("/token", away);
        provider.next("/token", away);
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(rotations()).containsOnly("ROTATED", "REPLAYED");
            int requests = attempt;
            await(() -> assertThat(provider.tokenRequests(REFRESH)).isEqualTo(requests));
            await(() -> assertThat(session.held("open")).isEqualTo("0"));
            session.waitNoMore();
        }
        awaitNumber(2);
        assertThat(provider.reused()).isEqualTo(reusedBefore);
    }

    @Test
    void requestsWhenThisGatewayIsRefusedThenNoSessionEnds() throws Exception {
        provider.next("/token", ProviderTrouble.error(401, "invalid_client"));
        assertThat(rotations()).containsOnly("ROTATED", "REPLAYED");
        await(() -> assertThat(provider.tokenRequests(REFRESH)).isEqualTo(1));
        await(() -> assertThat(session.held("open")).isEqualTo("0"));
        session.waitNoMore();
        assertThat(rotations()).containsOnly("ROTATED", "REPLAYED");
        awaitNumber(2);
        assertThat(session.ended()).isEmpty();
    }

    /** It has claimed and not sent: the token is unused, and nobody notices. */
    @Test
    void nodeWhenKilledBetweenClaimAndSendThenAnotherRefreshes() throws Exception {
        client.timing(SHORT);
        claimAndDie();
        assertThat(rotations()).containsOnly("ROTATED", "REPLAYED");
        assertThat(provider.tokenRequests(REFRESH)).isZero();
        lookUntilNumber(2);
        assertThat(provider.tokenRequests(REFRESH)).isEqualTo(1);
        assertThat(session.ended()).isEmpty();
        assertThat(rotations()).containsOnly("ROTATED", "REPLAYED");
        awaitNumber(3);
    }

    /** It has sent, and the provider rotated: a strict one refuses the retry, which denies nobody. */
    @Test
    void nodeWhenKilledBetweenSendAndStoreThenTheSessionLapsesAndIsNotRefused() throws Exception {
        client.timing(SHORT);
        Claim.Mine dead = claimAndDie();
        UpstreamTokens tokens = opened(dead);
        assertThat(client.refresh(StrictProviderClient.NAME, tokens, LIMIT).block(LIMIT))
                .isInstanceOf(Granted.class);
        await(() -> {
            look();
            assertThat(session.recorded("lapsed")).isEqualTo("1");
        });
        assertThat(provider.tokenRequests(REFRESH)).isEqualTo(2);
        assertThat(rotations()).containsOnly("LAPSED");
        assertThat(session.ended()).isEmpty();
    }

    @Test
    void answerWhenLostThenTheSessionLapsesAndIsNotRefused() throws Exception {
        client.timing(new Timing(
                Duration.ofSeconds(8), Duration.ofMillis(8_050), Duration.ofMillis(50), Duration.ofHours(1)));
        provider.next("/token", ProviderTrouble.loses());
        assertThat(rotations()).containsOnly("ROTATED", "REPLAYED");
        await(() -> {
            look();
            assertThat(session.recorded("lapsed")).isEqualTo("1");
        });
        assertThat(provider.tokenRequests(REFRESH)).isEqualTo(2);
        assertThat(session.ended()).isEmpty();
    }

    /** The provider does the work and answers late; the answer holds the only good token. */
    @Test
    void answerWhenRedisIsAwayThenHeldAndStoredLater() {
        provider.next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(1)));
        session.becomeDue();
        session.rotated(NODES.get(0));
        await(() -> assertThat(provider.tokenRequests(REFRESH)).isEqualTo(1));
        double failures = failures();
        REDIS.pause();
        try {
            await(() -> assertThat(failures()).isGreaterThan(failures));
        } finally {
            REDIS.resume();
        }
        awaitNumber(2);
        assertThat(provider.tokenRequests(REFRESH)).isEqualTo(1);
    }

    private static double failures() {
        return NODES.get(0)
                .bean(MeterRegistry.class)
                .counter("latchkey.upstream.store.failures")
                .count();
    }

    /** A node that stops right after it has claimed; its lease is short. */
    private Claim.Mine claimAndDie() {
        session.becomeDue();
        Claim claim = Objects.requireNonNull(NODES.get(2)
                .bean(UpstreamStore.class)
                .claim(session.id(), Duration.ofSeconds(1), Duration.ZERO, Claim.Reason.DUE)
                .block(LIMIT));
        return (Claim.Mine) claim;
    }

    private UpstreamTokens opened(Claim.Mine mine) {
        return NODES.get(2)
                .bean(Sealer.class)
                .open(mine.provider(), session.id(), mine.number(), mine.sealed())
                .orElseThrow()
                .tokens();
    }

    private static void look() {
        NODES.forEach(node -> node.bean(Orphans.class).look().block(LIMIT));
    }

    private void lookUntilNumber(long number) {
        await(() -> {
            look();
            assertThat(session.number()).isEqualTo(number);
        });
    }

    /** The rows of all requests. */
    private Set<String> rotations() throws Exception {
        session.becomeDue();
        int presented = session.generation();
        return atOnce(number -> session.rotate(NODES.get(number % NODES.size()), presented)
                .fold(granted -> granted.row().name(), refused -> refused.row().name(), () -> "UNAVAILABLE"));
    }

    private Set<Relayed> relayed() throws Exception {
        return atOnce(number -> Objects.requireNonNull(NODES.get(number % NODES.size())
                .upstreams()
                .accessToken(session.caller(), Optional.empty())
                .block(LIMIT)));
    }

    private static <T> Set<T> atOnce(Request<T> request) throws Exception {
        List<Callable<T>> all = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            int number = i;
            all.add(() -> request.send(number));
        }
        Set<T> answers = new HashSet<>();
        for (Future<T> answer : CLIENTS.invokeAll(all)) {
            answers.add(answer.get());
        }
        return answers;
    }

    private void awaitNumber(long number) {
        await(() -> assertThat(session.number()).isEqualTo(number));
        await(() -> assertThat(NODES)
                .allMatch(node -> node.bean(UpstreamRefresh.class).inFlight() == 0));
    }

    private static void await(ThrowingRunnable condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).untilAsserted(condition);
    }

    private interface Request<T> {
        T send(int number);
    }
}
