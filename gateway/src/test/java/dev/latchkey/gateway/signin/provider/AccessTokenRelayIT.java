package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.RecordingBackend;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.RedisMonitor;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.upstream.Upstreams;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What backends get of a user whom a provider signed in, and what of others. */
final class AccessTokenRelayIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());
    private static final RecordingBackend BACKEND = new RecordingBackend();

    @RegisterExtension
    static final World WORLD = new World(RelayRoutes.properties(PROVIDER, BACKEND));

    private static final String TOKENS = "/token";
    private static final String NODE = "relaying-node";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Optional<String> AS_ISSUED = Optional.empty();

    private Browser ada;

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
        BACKEND.close();
    }

    @BeforeEach
    void signIn() {
        PROVIDER.heal();
        TestProviders.awaitReady(WORLD.browser());
        PROVIDER.signIn("ada-1", TestProviders.ADA);
        Visitor visitor = new Visitor(WORLD.browser());
        visitor.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        ada = visitor.browser();
        PROVIDER.received().clear();
        BACKEND.forget();
    }

    private static String bearer() {
        return BACKEND.last().bearer();
    }

    private static JWTClaimsSet relayed() {
        return RelayRoutes.verified(bearer(), PROVIDER);
    }

    private void passTheTokensLife() {
        WORLD.clock().advance(LIFE.plusSeconds(1));
    }

    @Test
    void getWhenTheRouteAsksForItThenTheBackendHasATokenThatIsValidAtTheProvider() throws Exception {
        HttpResponse<String> answer = ada.send(ada.request("/token/x")
                .header("Authorization", "Basic Y2xpZW50Om93bg==")
                .GET());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(BACKEND.last().headers().getAll("Authorization")).hasSize(1);
        assertThat(relayed().getSubject()).isEqualTo("ada-1");
        assertThat(relayed().getAudience()).containsExactly(StrictProvider.CLIENT);
        assertThat(answer.headers().map().toString() + answer.body()).doesNotContain(bearer());
        assertThat(BACKEND.last().headers().names())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("latchkey-"));
    }

    @Test
    void getWhenTheRouteDoesNotAskThenItSeesNothingOfTheToken() {
        ada.get("/token/x");
        String token = bearer();
        for (String route : List.of("/api/x", "/names/x", "/nothing/x", "/open/x")) {
            BACKEND.forget();
            assertThat(ada.get(route).statusCode()).isEqualTo(200);
            assertThat(BACKEND.last().headers().toString()).as(route).doesNotContain(token);
        }
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.identityOf(BACKEND.last()).getSubject()).isEqualTo("strict|ada-1");
        ada.get("/names/x");
        assertThat(BACKEND.last().headers().get("Latchkey-Name")).isEqualTo("Ada%20Lovelace");
        assertThat(BACKEND.last().headers().get("Latchkey-Email")).isEqualTo("ada%40shop.example");
        assertThat(BACKEND.last().headers().contains("Authorization")).isFalse();
    }

    /** The first use on a node is one read, and the lane takes what follows. */
    @Test
    void getWhenTheNodeHasTheTokenThenRedisIsNotAsked() {
        try (Gateway node = WORLD.startFreshNode(Map.of("spring.data.redis.client-name", NODE));
                RedisMonitor monitor = WORLD.redis().monitor()) {
            Browser there = ada.at(node.url());
            assertThat(there.get("/api/x").statusCode()).isEqualTo(200);
            WORLD.awaitConfirmed(there, 1);

            int before = monitor.commandsOfRequests(NODE).size();
            assertThat(there.get("/token/x").statusCode()).isEqualTo(200);
            assertThat(monitor.commandsOfRequests(NODE)).hasSize(before + 1);
            for (int i = 0; i < 3; i++) {
                assertThat(there.get("/token/x").statusCode()).isEqualTo(200);
            }
            assertThat(monitor.commandsOfRequests(NODE)).hasSize(before + 1);
            assertThat(PROVIDER.received(TOKENS)).isEmpty();
        }
    }

    @Test
    @AboutTheLane
    void getWhenTheNodeHasTheTokenThenTheLaneTakesIt() {
        ada.get("/token/x");
        double before = WORLD.operator().meter("latchkey_lane_requests_total");
        ada.get("/token/x");
        assertThat(WORLD.operator().meter("latchkey_lane_requests_total")).isEqualTo(before + 1);
        assertThat(relayed().getSubject()).isEqualTo("ada-1");
    }

    /** The gateway's own tokens rotate in the same request. */
    @Test
    void getWhenTheTokenHasEndedThenWaitsForTheNext() throws Exception {
        ada.get("/token/x");
        String old = bearer();
        passTheTokensLife();

        HttpResponse<String> answer = ada.get("/token/x");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).contains("latchkey-access");
        assertThat(bearer()).isNotEqualTo(old);
        assertThat(relayed().getExpirationTime().toInstant()).isAfter(now());
        assertThat(PROVIDER.tokenRequests("refresh_token")).isEqualTo(1);
    }

    @Test
    void getWhenTheProviderIsSlowThen503InTimeAndTheNextGetsWhatItAnswered() {
        passTheTokensLife();
        PROVIDER.next(TOKENS, ProviderTrouble.answersAfter(Duration.ofSeconds(6)));

        long start = System.nanoTime();
        HttpResponse<String> answer = ada.get("/token/x");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        assertThat(answer.body()).contains("urn:latchkey:problem:access-token-unavailable");
        assertThat(BACKEND.received()).isEmpty();
        await().atMost(LIMIT).until(() -> ada.get("/token/x").statusCode() == 200);
        assertThat(relayed().getSubject()).isEqualTo("ada-1");
        assertThat(PROVIDER.tokenRequests("refresh_token")).isEqualTo(1);
        assertThat(PROVIDER.reused()).isZero();
    }

    /** Other routes do not wait for the provider, nor notice that it is slow. */
    @Test
    void getWhenTheProviderIsSlowThenOtherRoutesGoOn() {
        passTheTokensLife();
        PROVIDER.always(TOKENS, ProviderTrouble.answersAfter(Duration.ofSeconds(6)));
        CompletableFuture<HttpResponse<String>> waiting = ada.sendLater(ada.request("/token/x"));
        await().atMost(LIMIT).until(() -> PROVIDER.tokenRequests("refresh_token") == 1);

        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);

        assertThat(waiting.join().statusCode()).isEqualTo(503);
    }

    @Test
    void getWhenTheProviderRefusesThenTheUserSignsInAgain() {
        ada.get("/token/x");
        passTheTokensLife();
        PROVIDER.signOut();

        HttpResponse<String> answer = ada.get("/token/x");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("session-lapsed");
        ada.awaitRefused();
    }

    /** And not to the route again, which would be a loop; what comes of it is another session. */
    @Test
    void navigateWhenTheProviderGivesNoOtherThenItIsAskedSilently() {
        String lost = loseTheToken();

        String start = Visitor.onward(ada.navigate(location(ada.navigate("/token/x"))));
        assertThat(start).isEqualTo("/auth/providers/strict?return=%2Ftoken%2Fx&prompt=none");

        assertThat(location(new Visitor(ada).signIn(start))).isEqualTo("/token/x");
        assertThat(ada.navigate("/token/x").statusCode()).isEqualTo(200);
        assertThat(ada.session()).isNotEqualTo(lost);
        assertThat(location(ada.navigate("/auth/sign-in?return=%2Ftoken%2Fx&prompt=none")))
                .as("of another tab")
                .isEqualTo("/token/x");
    }

    @Test
    void navigateWhenTheProviderWantsToAskThenTheSignInPageIsShown() {
        loseTheToken();
        PROVIDER.signOut();

        String start = Visitor.onward(ada.navigate(location(ada.navigate("/token/x"))));
        HttpResponse<String> page = ada.navigate(location(new Visitor(ada).signIn(start)));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Your session at Strict &amp; Co. has ended", "providers/strict?return=%2Ftoken%2Fx");
    }

    private static String location(HttpResponse<?> answer) {
        return Visitor.location(answer).toString();
    }

    /** While the gateway's own tokens are good. */
    private String loseTheToken() {
        PROVIDER.behave(behaviour -> behaviour.lifetime(Duration.ofSeconds(10)));
        try {
            new Visitor(ada).signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        } finally {
            PROVIDER.behave(behaviour -> behaviour.lifetime(LIFE));
        }
        WORLD.change(ada, "lapsed", "1");
        WORLD.clock().advance(Duration.ofSeconds(11));
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);
        return ada.session();
    }

    @Test
    void revokedWhenOnAnotherNodeThenTheTokenIsForgottenHere() {
        try (Gateway other = WORLD.startFreshNode(Map.of())) {
            Upstreams upstreams = WORLD.gateway().bean(Upstreams.class);
            SessionId session = new SessionId(ada.session());
            ada.get("/token/x");
            assertThat(upstreams.knownAccessToken(session, AS_ISSUED)).isPresent();

            assertThat(ada.at(other.url()).post("/auth/sign-out").statusCode()).isEqualTo(200);

            await().atMost(LIMIT)
                    .until(() -> upstreams.knownAccessToken(session, AS_ISSUED).isEmpty());
            assertThat(ada.get("/token/x").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void revokedWhenAllOfAUserThenTheirTokensAreForgottenAndNoOthers() {
        Upstreams upstreams = WORLD.gateway().bean(Upstreams.class);
        PROVIDER.signIn("eve-1", TestProviders.ADA);
        Visitor eve = new Visitor(WORLD.browser());
        eve.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        eve.browser().get("/token/x");
        ada.get("/token/x");
        SessionId session = new SessionId(ada.session());

        assertThat(ada.post("/auth/sign-out?everywhere=true").statusCode()).isEqualTo(204);

        await().atMost(LIMIT)
                .until(() -> upstreams.knownAccessToken(session, AS_ISSUED).isEmpty());
        assertThat(upstreams.knownAccessToken(new SessionId(eve.browser().session()), AS_ISSUED))
                .isPresent();
    }

    @Test
    void getWhenTheRouteHasAnAudienceThenTheTokenIsExchangedOnce() {
        assertThat(ada.get("/orders/x").statusCode()).isEqualTo(200);
        assertThat(relayed().getAudience()).containsExactly("orders");
        assertThat(relayed().getSubject()).isEqualTo("ada-1");
        String exchanged = bearer();
        ada.get("/orders/x");
        assertThat(bearer()).isEqualTo(exchanged);
        assertThat(PROVIDER.received(TOKENS)).hasSize(1);
        ada.get("/token/x");
        assertThat(relayed().getAudience()).containsExactly(StrictProvider.CLIENT);
    }

    @Test
    void getWhenTwoAudiencesWantTheNextTokenThenItIsFetchedOnce() {
        passTheTokensLife();
        List<CompletableFuture<HttpResponse<String>>> all =
                List.of("/orders/1", "/stock/1", "/orders/2", "/stock/2").stream()
                        .map(path -> ada.sendLater(ada.request(path)))
                        .toList();

        assertThat(all).allMatch(answer -> answer.join().statusCode() == 200);

        assertThat(PROVIDER.tokenRequests("refresh_token")).isEqualTo(1);
        assertThat(PROVIDER.received(TOKENS)).as("and an exchange for each").hasSize(3);
        assertThat(BACKEND.received().stream()
                        .map(request -> request.path().split("/", -1)[1] + " "
                                + RelayRoutes.verified(request.bearer(), PROVIDER)
                                        .getAudience()))
                .containsExactlyInAnyOrder("orders [orders]", "orders [orders]", "stock [stock]", "stock [stock]");
    }

    @Test
    void getWhenTheProviderRefusesTheAudienceThen502AndItIsLeftAlone() {
        PROVIDER.always(TOKENS, ProviderTrouble.error(400, "invalid_target"));

        assertThat(ada.get("/orders/x").statusCode()).isEqualTo(502);
        assertThat(ada.get("/orders/x").body()).contains("urn:latchkey:problem:provider-error");

        assertThat(PROVIDER.received(TOKENS)).hasSize(1);
        assertThat(BACKEND.received()).isEmpty();
        assertThat(ada.get("/token/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.operator().health().body()).doesNotContain("refuses this gateway");
    }

    @Test
    void getWhenNoProviderSignedTheUserInThenRefusedWithASentence() {
        Browser bob = WORLD.signedIn("bob");
        for (String route : List.of("/token/x", "/orders/x", "/maybe/x")) {
            HttpResponse<String> answer = bob.get(route);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body())
                    .contains("no-access-token", "This needs a sign-in with an OpenID Connect provider");
        }
        assertThat(BACKEND.received()).isEmpty();
    }

    @Test
    void getWhenNobodyIsSignedInThenAnOptionalRouteGetsNoAuthorization() {
        Browser guest = WORLD.browser();
        HttpResponse<String> answer =
                guest.send(guest.bare("/maybe/x").header("Authorization", "Basic Y2xpZW50Om93bg=="));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(BACKEND.last().headers().contains("Authorization")).isFalse();
        assertThat(guest.get("/token/x").statusCode()).isEqualTo(401);
    }

    @Test
    void connectionsWhenLongLivedThenTheyHaveTheTokenAndEndWithTheSession() {
        try (LiveConnection socket = LiveConnection.socket(ada, WORLD.port(), "/token/socket");
                LiveConnection events = LiveConnection.events(ada, WORLD.port(), "/token/events")) {
            assertThat(BACKEND.received())
                    .hasSize(2)
                    .allMatch(request -> RelayRoutes.verified(request.bearer(), PROVIDER)
                            .getSubject()
                            .equals("ada-1"));
            ada.post("/auth/sign-out");
            socket.awaitEnd();
            events.awaitEnd();
        }
    }
}
