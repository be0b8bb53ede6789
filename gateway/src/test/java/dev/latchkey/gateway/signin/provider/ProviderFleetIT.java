package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.history.NodeProcess;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StoredSession;
import dev.latchkey.gateway.testing.StrictProvider;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 200 requests at once on three nodes as a refresh is due, over HTTP: one token request a round, whatever goes wrong,
 * and nobody is refused whom the provider did not refuse. {@code -Dlatchkey.upstream.rounds=20} plays longer, and
 * {@code -Dlatchkey.upstream.processes=true} with three processes of the jar.
 */
@Timeout(600)
final class ProviderFleetIT {

    private static final boolean PROCESSES = Boolean.getBoolean("latchkey.upstream.processes");
    private static final int ROUNDS = Integer.getInteger("latchkey.upstream.rounds", 3);
    private static final int REQUESTS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static ProviderFleet fleet;
    private static StrictProvider provider;
    private int reusedBefore;

    @BeforeAll
    static void start() {
        assumeTrue(!PROCESSES || Files.exists(NodeProcess.JAR), "the jar is not built: ./mvnw -DskipTests package");
        fleet = new ProviderFleet(PROCESSES);
        provider = fleet.provider();
    }

    @AfterAll
    static void stop() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @BeforeEach
    void heal() {
        provider.heal();
        provider.received().clear();
        reusedBefore = provider.reused();
    }

    @Test
    void requestsWhenARefreshIsDueThenOneTokenRequestARoundAndTheNextRefreshWorks() {
        Visitor ada = fleet.signedIn("ada", "strict");
        StoredSession session = fleet.session(ada);
        for (int round = 1; round <= ROUNDS; round++) {
            session.becomeDue();
            fleet.requests(ada, REQUESTS);
            awaitNumber(session, round + 1);
            assertThat(refreshes()).as("round %d", round).isEqualTo(round);
        }
        assertNobodyWasRefused(session);
    }

    @Test
    void requestsWhenTheProviderTakesThreeSecondsThenNobodyWaitsAndOneTokenRequest() {
        Visitor ada = fleet.signedIn("ada", "strict");
        StoredSession session = fleet.session(ada);
        provider.next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(3)));
        session.becomeDue();
        fleet.requests(ada, REQUESTS);
        assertThat(session.number()).as("answered before the provider").isEqualTo(1);
        awaitNumber(session, 2);
        assertThat(refreshes()).isEqualTo(1);
        assertNextRefreshWorks(ada, session);
    }

    @ParameterizedTest
    @CsvSource({"503, away", "429, throttled"})
    void requestsWhenTheProviderAsksForAPauseThenTheyGoOnAndItIsAskedLater(int status, String name) {
        Visitor ada = fleet.signedIn("ada", name);
        StoredSession session = fleet.session(ada);
        provider.next("/token", ProviderTrouble.answers(status, Map.of("Retry-After", "1"), ""));
        session.becomeDue();
        fleet.requests(ada, REQUESTS);
        await(() -> assertThat(refreshes()).isPositive());
        goOnUntilRefreshed(ada, session);
        await(() -> assertThat(refreshes()).as("one in vain").isEqualTo(session.number()));
        assertNextRefreshWorks(ada, session);
    }

    @Test
    void requestsWhenTheGatewayIsRefusedThenNoSessionEnds() {
        Visitor ada = fleet.signedIn("ada", "refused");
        StoredSession session = fleet.session(ada);
        provider.next("/token", ProviderTrouble.error(401, "invalid_client"));
        session.becomeDue();
        fleet.requests(ada, REQUESTS);
        await(() -> assertThat(refreshes()).isPositive());
        goOnUntilRefreshed(ada, session);
        assertNextRefreshWorks(ada, session);
    }

    @Test
    void answerWhenLostThenTheSessionLapsesAndIsNotRefused() {
        Visitor ada = fleet.signedIn("ada", "strict");
        StoredSession session = fleet.session(ada);
        provider.next("/token", ProviderTrouble.loses());
        session.becomeDue();
        fleet.requests(ada, REQUESTS);
        assertLapses(ada, session);
        assertThat(refreshes()).isEqualTo(2);
    }

    /** Of two calls of the node that dies, the provider has worked one off. */
    @Test
    void nodeWhenKilledBetweenClaimAndStoreThenAnotherMakesItsCallsAgainAndNobodyIsRefused() {
        assumeTrue(PROCESSES, "a node can be killed only if it is a process: -Dlatchkey.upstream.processes=true");
        Visitor unserved = fleet.signedIn("unserved", "strict");
        Visitor served = fleet.signedIn("served", "strict");
        StoredSession unservedSession = fleet.session(unserved);
        StoredSession servedSession = fleet.session(served);
        callAndHang(unserved, unservedSession, false);
        callAndHang(served, servedSession, true);
        fleet.kill(0);
        awaitNumber(unservedSession, 2);
        assertLapses(served, servedSession);
        assertThat(unservedSession.hasEnded()).isFalse();
        assertThat(refreshes()).isEqualTo(4);
        unservedSession.becomeDue();
        fleet.requests(unserved, REQUESTS);
        awaitNumber(unservedSession, 3);
    }

    /** The first node calls, and hears nothing for longer than it lives. */
    private static void callAndHang(Visitor visitor, StoredSession session, boolean works) {
        long before = refreshes();
        provider.next(
                "/token",
                new ProviderTrouble(
                        Duration.ZERO, Duration.ofSeconds(20), works, ProviderTrouble.Answer.CLOSED, 0, Map.of(), ""));
        session.becomeDue();
        Browser browser = fleet.stale(visitor);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        visitor.browser().putBack(browser.jar());
        await(() -> assertThat(refreshes()).isEqualTo(before + 1));
    }

    private static void assertLapses(Visitor visitor, StoredSession session) {
        await(() -> assertThat(session.isLapsed()).isTrue());
        assertThat(session.hasEnded()).isFalse();
        String elsewhere = fleet.url(1);
        assertThat(visitor.browser().at(elsewhere).get("/api/x").statusCode())
                .as("what is held lives out")
                .isEqualTo(200);
        assertThat(fleet.stale(visitor).at(elsewhere).get("/api/x").body()).contains("session-lapsed");
    }

    private static void goOnUntilRefreshed(Visitor visitor, StoredSession session) {
        goOnUntilBeyond(1, visitor, session);
    }

    /** What is under way then is not counted in the test after this one. */
    private static void goOnUntilBeyond(int number, Visitor visitor, StoredSession session) {
        await(() -> {
            if (session.number() == number && !session.isOpen()) {
                session.waitNoMore();
                session.becomeDue();
                fleet.requests(visitor, 3);
            }
            assertThat(session.number()).isGreaterThan(number);
            assertThat(session.isOpen()).isFalse();
        });
    }

    private void assertNextRefreshWorks(Visitor visitor, StoredSession session) {
        goOnUntilBeyond(session.number(), visitor, session);
        assertNobodyWasRefused(session);
    }

    private void assertNobodyWasRefused(StoredSession session) {
        assertThat(provider.reused()).isEqualTo(reusedBefore);
        assertThat(session.hasEnded()).isFalse();
        assertThat(session.isLapsed()).isFalse();
    }

    private static long refreshes() {
        return provider.tokenRequests("refresh_token");
    }

    private static void awaitNumber(StoredSession session, int number) {
        await(() -> assertThat(session.number()).isEqualTo(number));
    }

    private static void await(ThrowingRunnable condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).untilAsserted(condition);
    }
}
