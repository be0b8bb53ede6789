package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.admin.Actor;
import dev.latchkey.gateway.admin.AdminSessions;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.provider.ClientType;
import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.signin.TestDirectory;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import dev.latchkey.gateway.upstream.Upstreams;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** Users of a provider whom a claim joins to users of the users file. */
final class JoinedUserIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(properties());

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String START = "/auth/providers/strict?return=%2Fapi%2Fx";

    private final Visitor visitor = new Visitor(WORLD.browser());

    private static Map<String, Object> properties() {
        Map<String, Object> all = new HashMap<>(TestProviders.properties(PROVIDER));
        all.put("latchkey.providers.strict.local-user-claim", "account.name");
        return all;
    }

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    @BeforeEach
    void signIn() {
        TestProviders.awaitReady(WORLD.browser());
        signInAtProvider("ada");
        visitor.signIn(START);
    }

    private static void signInAtProvider(String localName) {
        PROVIDER.signIn("sub-1", Map.of("account", Map.of("name", localName), "roles", List.of("of-the-provider")));
    }

    @Test
    void signInWhenTheClaimNamesALocalUserThenTheyAreThatUserWithTheirOwnRoles() {
        String session = visitor.browser().get("/auth/session").body();
        String ofPassword = WORLD.signedIn("ada").get("/auth/session").body();
        assertThat(session).contains("\"subject\":\"ada\"").doesNotContain("of-the-provider");
        assertThat(roles(session)).isEqualTo(roles(ofPassword));
        WORLD.expireAccessToken();
        assertThat(roles(visitor.browser().get("/auth/session").body())).isEqualTo(roles(ofPassword));
    }

    /** By another node, whose message has not arrived. */
    @Test
    void signInWhenTheUserHasJustBeenChangedThenAsTheyAreRecorded() {
        WORLD.redis().say("HSET latchkey:users ada 999999,0,newer,credentials-changed,recorded");
        assertThat(visitor.signIn(START).statusCode()).isEqualTo(303);
        assertThat(roles(visitor.browser().get("/auth/session").body())).isEqualTo("\"roles\":[\"recorded\"]");
    }

    @Test
    void sessionsWhenAnOperatorEndsThoseOfTheProvidersUserThenOnlyThoseThatItBegan() {
        Browser ofPassword = WORLD.signedIn("ada");
        WORLD.gateway()
                .bean(AdminSessions.class)
                .endAllOf(new Actor("support"), new ProviderName("strict"), "sub-1")
                .block(Duration.ofSeconds(10));
        visitor.browser().awaitRefused();
        assertThat(ofPassword.get("/api/x").statusCode()).isEqualTo(200);
    }

    private static String roles(String session) {
        return session.replaceAll(".*(\"roles\":\\[[^]]*]).*", "$1");
    }

    @Test
    void signInWhenTheClaimNamesNobodyHereThenRefused() {
        signInAtProvider("mallory");
        assertThat(new Visitor(WORLD.browser()).signIn(START).statusCode()).isEqualTo(403);
    }

    /** Each would leave a session and a line of the audit log; those by password count, too. */
    @Test
    void signInWhenTheUserHasDoneSoAHundredTimesWithinAnHourThenRefusedUntilItIsOver() {
        WORLD.signedIn("ada");
        AttemptLimiter limiter = WORLD.gateway().bean(AttemptLimiter.class);
        Flux.range(0, 97)
                .concatMap(time -> limiter.succeeded(new Subject("ada")))
                .blockLast(Duration.ofSeconds(30));
        assertThat(visitor.signIn(START).statusCode()).isEqualTo(303);

        WORLD.clock().advance(Duration.ofMinutes(10).plusMillis(500));
        HttpResponse<String> page = visitor.signIn(START);

        assertThat(page.statusCode()).isEqualTo(429);
        assertThat(page.headers().firstValue("Retry-After")).as("what is left").contains("3000");
        assertThat(page.body()).contains("<h1>Too many sign-ins</h1>");
        assertThat(WORLD.auditNames()).filteredOn("signed-in"::equals).hasSize(3);
        assertThat(WORLD.audit())
                .filteredOn(event -> event.name().equals("sign-in-refused"))
                .singleElement()
                .satisfies(event -> assertThat(AuditFacts.of(event, "reason")).isEqualTo("attempts"));
        WORLD.clock().advance(Duration.ofMinutes(50));
        assertThat(visitor.signIn(START).statusCode()).isEqualTo(303);
    }

    /** Nobody has its tokens, so nobody could end it; the provider's are given back. */
    @Test
    void beginWhenTheStoreFailsOnceTheSessionBeganThenItIsEndedAndThatIsSaid() {
        Gateway node = WORLD.gateway();
        SessionOpening opening = new SessionOpening(
                node.bean(AttemptLimiter.class),
                new TestDirectory(TestDirectory.snapshot("v1", false, "ada=a")).failingAfter(1),
                node.bean(RedisSessionStore.class),
                node.bean(SessionRevoker.class),
                node.bean(Upstreams.class),
                node.bean(TokenMint.class),
                node.bean(AuditLog.class),
                new Issuer(World.ISSUER),
                node.bean(CookieProperties.class));
        ProviderUser user = new ProviderUser(
                new ProviderName("strict"),
                "sub-1",
                Optional.empty(),
                Optional.of("ada"),
                Optional.empty(),
                Optional.empty(),
                Roles.NONE,
                Optional.empty(),
                Optional.empty());
        UpstreamTokens tokens = new UpstreamTokens(
                ClientType.CONFIDENTIAL, Optional.empty(), Optional.empty(), Optional.empty(), "", Optional.empty());

        ExchangeOutcome outcome = Objects.requireNonNull(opening.begin(
                        user, new Granted(tokens, Duration.ofMinutes(5), Optional.empty()), new ClientFacts("", ""))
                .block(LIMIT));

        assertThat(outcome).isEqualTo(new ExchangeOutcome.Failed(Refusal.NOT_NOW, false));
        assertThat(AuditFacts.all(WORLD.audit(), "session-revoked", "reason")).containsExactly("sign-in-failed");
        assertThat(AuditFacts.all(WORLD.audit(), "signed-in", "session"))
                .as("that of the visitor")
                .hasSize(1);
    }

    @Test
    void signOutWhenByAFormThenLeadsOnToTheProvider() {
        HttpResponse<String> page = visitor.browser()
                .send(visitor.browser()
                        .request("/auth/sign-out")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Sec-Fetch-Mode", "navigate")
                        .POST(BodyPublishers.noBody()));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("url=" + PROVIDER.issuer() + "/logout?id_token_hint=");
        assertThat(visitor.browser().jar()).isEmpty();
    }

    @Test
    void signOutWhenByAProgramThenItIsToldTheAddress() {
        HttpResponse<String> answer = visitor.browser().post("/auth/sign-out");
        assertThat(answer.body()).contains("{\"continueAt\":\"" + PROVIDER.issuer() + "/logout?id_token_hint=");
    }

    /** They have no session at any provider. */
    @Test
    void signOutWhenTheSameUserCameByPasswordThenEndsHere() {
        Browser browser = WORLD.signedIn("ada");
        assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);
    }

    @Test
    void lapsedWhenTheProviderKnowsTheUserThenANavigationComesBackWithoutAsking() {
        String start = lapsedStart();
        assertThat(start).startsWith("/auth/providers/strict?").endsWith("&prompt=none");
        String lapsed = visitor.browser().session();
        assertThat(Visitor.location(visitor.signIn(start))).hasToString("/api/x");
        assertThat(visitor.browser().get("/auth/session").body()).contains("\"subject\":\"ada\"");
        assertThat(visitor.browser().session()).isNotEqualTo(lapsed);
    }

    @Test
    void lapsedWhenTheProviderWantsToAskThenTheSignInPageSaysWhy() {
        PROVIDER.signOut();
        HttpResponse<String> back = visitor.signIn(lapsedStart());
        HttpResponse<String> page =
                visitor.browser().navigate(Visitor.location(back).toString());
        assertThat(page.body()).contains("Your session at Strict &amp; Co. has ended.");
    }

    private String lapsedStart() {
        WORLD.change(visitor.browser(), "lapsed", "1");
        WORLD.clock().advance(Duration.ofMinutes(1));
        String signIn = Visitor.location(visitor.browser().navigate("/api/x")).toString();
        return Visitor.location(visitor.browser().navigate(signIn)).toString();
    }

    @Test
    void logoutWhenTheProviderSaysSoThenTheSessionEnds() {
        assertThat(TestProviders.logout(WORLD, PROVIDER.logoutToken()).statusCode())
                .isEqualTo(200);
        visitor.browser().awaitRefused();
    }
}
