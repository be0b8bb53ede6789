package dev.latchkey.gateway.oidcprovider;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.BrowserAtProvider;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StoredSession;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All of it with a strict provider that others wrote, whose token endpoint fails in each way that a network can. */
@Timeout(180)
final class OidcProviderIT {

    private static final int AT_ONCE = 60;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static OidcProviderWorld world;
    private static OidcProvider provider;

    @BeforeAll
    static void start() {
        world = OidcProviderWorld.start();
        provider = world.provider();
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @BeforeEach
    void forget() {
        provider.forget();
    }

    /** By a secret, by a signature, with proofs of possession, and for one resource. */
    @ParameterizedTest
    @ValueSource(strings = {"strict", "key", "proof", "resource"})
    void refreshWhenTheTokensRotateThenEachWorksOnce(String name) {
        Person ada = world.person("ada-" + name).signIn(name);
        assertThat(ada.browser().get("/auth/session").body())
                .contains("\"subject\":\"" + name + "|ada-" + name + "\"", "\"roles\":[\"customer\"]");
        StoredSession session = session(ada);
        for (int number = 2; number <= 4; number++) {
            refresh(ada, session, world.node(number).url());
            awaitNumber(session, number);
        }
        assertNobodyWasRefused(session);
    }

    @Test
    void requestsWhenManyComeToAllNodesThenOneTokenRequestAndTheNextRefreshWorks() {
        Person ada = world.person("ada").signIn("strict");
        StoredSession session = session(ada);
        for (int round = 1; round <= 3; round++) {
            session.becomeDue();
            Browser stale = stale(ada);
            var answers = IntStream.range(0, AT_ONCE)
                    .mapToObj(number -> {
                        Browser tab = stale.at(world.node(number).url());
                        return tab.sendLater(tab.request("/api/x"));
                    })
                    .toList();
            answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
            ada.browser().keep(answers.get(0).join());
            awaitNumber(session, round + 1);
            assertThat(provider.refreshes()).isEqualTo(round);
        }
        assertNobodyWasRefused(session);
    }

    /** RFC 8707: the token is a JWT for that API alone, also after a refresh. */
    @Test
    void accessTokenWhenAResourceIsAskedForThenItIsTheAudience() throws Exception {
        Person ada = world.person("ada").signIn("resource");
        StoredSession session = session(ada);
        assertThat(audience(ada)).isEqualTo(OidcProviderWorld.RESOURCE);
        refresh(ada, session, world.node(0).url());
        awaitNumber(session, 2);
        assertThat(audience(ada)).isEqualTo(OidcProviderWorld.RESOURCE);
    }

    /** Whom the token is for that the backend gets. */
    private static String audience(Person person) throws Exception {
        HttpResponse<String> answer = person.browser().at(world.node(1).url()).get("/relay/x");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String authorization = world.backend().last().headers().get("Authorization");
        SignedJWT token = SignedJWT.parse(authorization.substring("Bearer ".length()));
        return String.join(" ", token.getJWTClaimsSet().getAudience());
    }

    /** The user goes on, nobody waits, and the provider is asked again when it wants to be. */
    @ParameterizedTest
    @CsvSource({"503, trouble", "429, trouble"})
    void refreshWhenTheProviderAsksForAPauseThenNothingIsSentBeforeAndTheNextOneWorks(int status, String outcome) {
        Person ada = world.person("ada-" + status).signIn("paused");
        StoredSession session = session(ada);
        double before = counted("paused", outcome);
        provider.next(ProviderTrouble.answers(status, Map.of("Retry-After", "1"), "later"));
        refresh(ada, session, world.node(0).url());
        await(() -> assertThat(counted("paused", outcome)).isGreaterThan(before));
        await(() -> assertThat(session.isOpen()).isFalse());
        assertThat(session.number()).isEqualTo(1);
        await(() -> {
            session.waitNoMore();
            refresh(ada, session, world.node(0).url());
            assertThat(session.number()).isGreaterThan(1);
        });
        assertNobodyWasRefused(session);
    }

    /** The gateway is refused and not its users: no session ends. */
    @Test
    void refreshWhenTheGatewayIsRefusedThenNoSessionEnds() {
        Person ada = world.person("ada").signIn("refused");
        StoredSession session = session(ada);
        double before = counted("refused", "ours");
        provider.next(ProviderTrouble.error(401, "invalid_client"));
        refresh(ada, session, world.node(0).url());
        await(() -> assertThat(counted("refused", "ours")).isGreaterThan(before));
        await(() -> assertThat(session.isOpen()).isFalse());
        session.waitNoMore();
        refresh(ada, session, world.node(1).url());
        awaitNumber(session, 2);
        assertNobodyWasRefused(session);
    }

    @Test
    void refreshWhenTheProviderIsSlowThenTheRequestDoesNotWait() {
        Person ada = world.person("ada").signIn("strict");
        StoredSession session = session(ada);
        provider.next(ProviderTrouble.answersAfter(Duration.ofSeconds(3)));
        refresh(ada, session, world.node(0).url());
        assertThat(session.number()).isEqualTo(1);
        awaitNumber(session, 2);
        assertThat(provider.refreshes()).isEqualTo(1);
        assertNobodyWasRefused(session);
    }

    /**
     * Nobody knows whether the provider rotated, so each call is made once more, after the lease: where it had not,
     * that is all; where it had, it refuses, and the user is asked to sign in instead of being told that they were
     * refused.
     */
    @Test
    void refreshWhenNobodyKnowsWhatBecameOfItThenMadeAgainAfterTheLease() {
        long revoked = revoked();
        Person unserved = begun("unserved", ProviderTrouble.answers(503, Map.of(), "trouble"));
        Person cut = begun("cut", ProviderTrouble.closes());
        Person firewalled = begun("firewalled", ProviderTrouble.answers(403, Map.of(), "<h1>no</h1>"));
        Person lost = begun("lost", ProviderTrouble.loses());
        for (Person person : new Person[] {unserved, cut, firewalled}) {
            awaitNumber(session(person), 2);
            assertThat(session(person).hasEnded()).isFalse();
        }
        StoredSession lapsed = session(lost);
        await(() -> assertThat(lapsed.isLapsed()).isTrue());
        assertThat(provider.refreshes()).isEqualTo(8);
        assertThat(provider.reused()).as("strict").isEqualTo(1);
        assertThat(lapsed.hasEnded()).isFalse();
        assertThat(world.auditNames()).contains("session-lapsed");
        assertThat(revoked()).isEqualTo(revoked);
        assertSignsInAgain(lost);
    }

    private long revoked() {
        return world.auditNames().stream().filter("session-revoked"::equals).count();
    }

    /** Begins a refresh that goes wrong so, and waits until the provider has the request. */
    private static Person begun(String name, ProviderTrouble trouble) {
        Person person = world.person(name).signIn("strict");
        StoredSession session = session(person);
        int before = provider.refreshes();
        provider.next(trouble);
        refresh(person, session, world.node(0).url());
        await(() -> assertThat(provider.refreshes()).isGreaterThan(before));
        return person;
    }

    /** What they hold is good until it ends; then a navigation asks the provider, which wants to ask the user. */
    private static void assertSignsInAgain(Person person) {
        Browser browser = person.browser();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        browser.putBack(stale(person).jar());
        assertThat(browser.get("/api/x").body()).contains("session-lapsed");
        String signIn = BrowserAtProvider.location(browser.navigate("/api/x")).toString();
        String silent = BrowserAtProvider.location(browser.navigate(signIn)).toString();
        assertThat(silent).endsWith("&prompt=none");
        HttpResponse<String> back = person.visit(silent);
        HttpResponse<String> page =
                browser.navigate(BrowserAtProvider.location(back).toString());
        assertThat(page.body()).contains("Your session at strict has ended. Sign in again to go on.");
        person.signIn("strict");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    /** As after a step-up: with one refresh token, the provider revokes all that it granted in its session. */
    @Test
    void userWhenSignedInOverTheirSessionThenTheNewOneIsRefreshed() {
        Person ada = world.person("ada").signIn("strict");
        StoredSession before = session(ada);
        HttpResponse<String> back = ada.visit("/auth/providers/strict?return=%2Fapi%2Fx&max_age=3600");
        assertThat(BrowserAtProvider.location(back)).hasToString("/api/x");
        await(() -> assertThat(before.hasEnded()).isTrue());
        StoredSession session = session(ada);
        for (int number = 2; number <= 3; number++) {
            refresh(ada, session, world.node(number).url());
            awaitNumber(session, number);
        }
        assertNobodyWasRefused(session);
    }

    @Test
    void logoutWhenAtTheProviderThenTheSessionEndsOnEveryNode() {
        Person ada = world.person("ada").signIn("strict");
        Browser elsewhere = ada.browser().at(world.node(1).url());
        assertThat(elsewhere.get("/api/x").statusCode()).isEqualTo(200);
        ada.signOutAt(provider);
        elsewhere.awaitRefused();
        ada.browser().awaitRefused();
        assertThat(provider.seen().path("failedLogouts")).isEmpty();
        assertThat(session(ada).hasEnded()).isTrue();
    }

    private static StoredSession session(Person person) {
        return new StoredSession(world.redis(), person.browser());
    }

    private static Browser stale(Person person) {
        Map<String, String> cookies = person.browser().jar();
        cookies.remove("latchkey-access");
        Browser browser = person.browser().copy();
        browser.putBack(cookies);
        return browser;
    }

    /** A request that rotates as the provider's tokens are due. */
    private static void refresh(Person person, StoredSession session, String node) {
        session.becomeDue();
        Browser browser = stale(person).at(node);
        HttpResponse<String> answer = browser.get("/api/x");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        person.browser().putBack(browser.jar());
    }

    private static void awaitNumber(StoredSession session, int number) {
        await(() -> assertThat(session.number()).isEqualTo(number));
    }

    private static void assertNobodyWasRefused(StoredSession session) {
        assertThat(provider.reused()).as(provider.seen().toString()).isZero();
        assertThat(session.hasEnded()).isFalse();
        assertThat(session.isLapsed()).isFalse();
    }

    private static double counted(String name, String outcome) {
        return world
                .node(0)
                .bean(MeterRegistry.class)
                .find("latchkey.upstream.refreshes")
                .tags("provider", name, "outcome", outcome)
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static void await(ThrowingRunnable condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).untilAsserted(condition);
    }
}
