package dev.latchkey.gateway.signin.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.signin.provider.TestProviders;
import dev.latchkey.gateway.signin.provider.Visitor;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Axe;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.ChromiumPages;
import dev.latchkey.gateway.testing.DeviceBrowser;
import dev.latchkey.gateway.testing.DpopClient;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.users.PostgresFixture;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.user.store.CredentialVersion;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Users change their own passwords, in a real PostgreSQL. */
final class PasswordChangeIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NEXT = "four words and a comma, then";
    private static final String PATH = "/auth/password";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final JsonMapper JSON = new JsonMapper();
    /** Of a cost that is replaced at a sign-in, so the change meets that, too. */
    private static final Map<String, String> HASHES =
            Map.of("ada", Resources.hash("ada"), "bob", Resources.hash("bob"));

    private static final PostgresFixture STORE = PostgresFixture.start();
    private static final StrictProvider PROVIDER =
            new StrictProvider(() -> PasswordChangeIT.WORLD.clock().instant());

    @RegisterExtension
    static final World WORLD = new World(properties());

    private static Map<String, Object> properties() {
        putAll();
        Map<String, Object> all = new HashMap<>(STORE.properties());
        all.putAll(TestProviders.properties(PROVIDER));
        all.put("latchkey.providers.strict.local-user-claim", "account.name");
        all.put("latchkey.users.poll-interval", "200ms");
        all.put("latchkey.users.cache-time", "200ms");
        return all;
    }

    private static void putAll() {
        HASHES.forEach((name, hash) -> STORE.put(name, hash, List.of("customer")));
    }

    @AfterAll
    static void close() {
        PROVIDER.close();
        STORE.close();
    }

    @AfterEach
    void putBack() {
        putAll();
    }

    @BeforeEach
    void letTimePass() {
        WORLD.clock().advance(Duration.ofSeconds(1));
    }

    private static Browser signedIn(String name) {
        Browser browser = WORLD.signedIn(name);
        WORLD.clock().advance(Duration.ofSeconds(1));
        return browser;
    }

    private static HttpRequest.Builder change(HttpRequest.Builder request, String old, String next) {
        String body = JSON.writeValueAsString(Map.of("currentPassword", old, "newPassword", next));
        return request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> change(Browser browser, String old, String next) {
        return browser.send(change(browser.request(PATH), old, next));
    }

    private static HttpResponse<String> form(Browser browser, String fields) {
        return browser.send(browser.request(PATH).header("Content-Type", FORM).POST(BodyPublishers.ofString(fields)));
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String name) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"urn:latchkey:problem:" + name + "\"");
    }

    private static Stream<AuditEvent> events(String name) {
        return WORLD.audit().stream().filter(event -> event.name().equals(name));
    }

    /** However fresh its access token is: it may be a copy. The session that follows is offered to be bound, too. */
    @Test
    void changeWhenBoundToADeviceThenOnlyAfterAProof() {
        try (Gateway node = WORLD.startFreshNode(Map.of("latchkey.device-binding", "when-offered"))) {
            DeviceBrowser device = DeviceBrowser.bound(new Browser(node.url()), "ada");
            Browser thief = device.browser().copy();

            HttpResponse<String> asked = change(device.browser(), "ada", NEXT);
            assertThat(asked.statusCode()).isEqualTo(307);
            String again = asked.headers().firstValue("Location").orElseThrow();
            assertThat(change(thief, "ada", NEXT).statusCode()).isEqualTo(307);
            assertThat(thief.send(change(thief.request(again), "ada", NEXT)).statusCode())
                    .isEqualTo(401);
            assertThat(device.renew().statusCode()).isEqualTo(200);

            Browser owner = device.browser();
            HttpResponse<String> changed = owner.send(change(owner.request(again), "ada", NEXT));
            assertThat(changed.statusCode()).isEqualTo(200);
            assertThat(DeviceBrowser.offer(changed)).isPresent();
        }
    }

    @Test
    void changeWhenDoneThenThisClientGoesOnEverywhereAndAllOtherSessionsEnd() {
        try (Gateway other = WORLD.startFreshNode(Map.of())) {
            Browser here = WORLD.signedIn("ada");
            Browser phone = WORLD.signedIn("ada").at(other.url());
            Browser bob = signedIn("bob");
            Browser copied = here.copy();
            try (LiveConnection stream = LiveConnection.events(phone, other.port());
                    LiveConnection bobs = LiveConnection.events(bob, WORLD.port())) {
                HttpResponse<String> answer = whileTimePasses(() -> change(here, "ada", NEXT));

                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("\"subject\":\"ada\"").doesNotContain("Token");
                stream.awaitEnd();
                bobs.awaitMore();
            }
            assertThat(here.session()).isNotEqualTo(copied.session());
            phone.awaitRefused();
            copied.awaitRefused();
            assertThat(WORLD.tombstone(phone)).startsWith("password-changed,");
            assertThat(events("user-revoked"))
                    .singleElement()
                    .satisfies(
                            event -> assertThat(AuditFacts.of(event, "reason")).isEqualTo("password-changed"));
            assertThat(events("password-changed"))
                    .singleElement()
                    .satisfies(
                            event -> assertThat(AuditFacts.of(event, "subject")).isEqualTo("ada"));

            awaitARound();
            assertGoesOn(here, here.at(other.url()));
            assertThat(WORLD.browser().signIn("ada", "ada").statusCode()).isEqualTo(401);
            assertThat(WORLD.browser().signIn("ada", NEXT).statusCode()).isEqualTo(200);
        }
    }

    /** What follows in one request is told apart by the clock: what ends sessions, and the beginning of one. */
    private static <T> T whileTimePasses(Supplier<T> action) {
        ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> ticking = ticks.scheduleAtFixedRate(
                () -> WORLD.clock().advance(Duration.ofMillis(1)), 1, 1, TimeUnit.MILLISECONDS);
        try {
            return action.get();
        } finally {
            ticking.cancel(true);
            ticks.shutdownNow();
        }
    }

    /** Also when the tokens are rotated. */
    private static void assertGoesOn(Browser here, Browser atOtherNode) {
        assertThat(here.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(atOtherNode.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(atOtherNode.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(here.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(events("user-revoked")
                        .filter(event -> AuditFacts.of(event, "subject").equals("ada")))
                .hasSize(1);
    }

    /** What is changed elsewhere from now on has been concluded, so a whole round has seen the new password. */
    private static void awaitARound() {
        STORE.rehash("bob", Resources.hash("another"));
        await().atMost(LIMIT)
                .until(() -> events("user-revoked")
                        .anyMatch(event -> AuditFacts.of(event, "subject").equals("bob")));
    }

    @Test
    void changeWhenTheAccessTokenHasExpiredThenTheNewSessionsTokensAreSetAlone() {
        Browser here = signedIn("ada");
        String before = here.session();
        WORLD.expireAccessToken();
        HttpResponse<String> answer = change(here, "ada", NEXT);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).doesNotHaveDuplicates();
        assertThat(here.session()).isNotEqualTo(before);
        assertThat(here.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void changeWhenByAClientWithoutCookiesThenTheNewTokensAreInTheAnswer() {
        Browser client = WORLD.browser();
        String tokens = client.send(client.bare("/auth/token")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"username\":\"ada\",\"password\":\"ada\"}")))
                .body();
        WORLD.clock().advance(Duration.ofSeconds(1));

        HttpResponse<String> answer = client.send(change(bearer(client, PATH, tokens), "ada", NEXT));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).isEmpty();
        assertThat(client.send(bearer(client, "/api/x", answer.body()).GET()).statusCode())
                .isEqualTo(200);
        assertThat(client.send(bearer(client, "/api/x", tokens).GET()).statusCode())
                .isEqualTo(401);
        assertThat(JSON.readTree(answer.body()).path("refreshToken").asString()).isNotEmpty();
    }

    @Test
    void changeWhenTheClientProvesItsKeyThenItsNewTokensAreBoundToIt() {
        DpopClient client = new DpopClient(WORLD.url(), WORLD.clock());
        assertThat(client.signIn("ada").statusCode()).isEqualTo(200);
        WORLD.clock().advance(Duration.ofSeconds(1));
        HttpRequest.Builder request = client.request(PATH)
                .header("Authorization", "DPoP " + client.access())
                .header("DPoP", client.sign(client.withToken("POST", PATH)));

        HttpResponse<String> answer = client.send(change(request, "ada", NEXT));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("tokenType").asString()).isEqualTo("DPoP");
    }

    private static HttpRequest.Builder bearer(Browser client, String path, String tokens) {
        return client.bare(path)
                .header(
                        "Authorization",
                        "Bearer " + JSON.readTree(tokens).get("accessToken").asString());
    }

    @Test
    void changeWhenTheOldPasswordIsWrongThenCountedAsAtSignIn() {
        Browser here = signedIn("ada");
        for (int i = 0; i < 10; i++) {
            assertProblem(change(here, "wrong", NEXT), 403, "wrong-password");
        }
        assertProblem(change(here, "ada", NEXT), 429, "too-many-attempts");
        assertThat(WORLD.browser().signIn("ada", "ada").statusCode())
                .as("one limit for both")
                .isEqualTo(429);
        assertThat(events("password-change-refused").map(event -> AuditFacts.of(event, "reason")))
                .containsExactly("credentials", "attempts");
        WORLD.clock().advance(Duration.ofMinutes(1));
        await().untilAsserted(() ->
                assertThat(AuditFacts.counts(events("password-change-refused"))).containsExactly(1L, 1L, 9L));
        assertThat(here.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.auditNames()).doesNotContain("user-revoked", "session-revoked");
    }

    /** Rules come first: they count as no attempt. */
    @ParameterizedTest
    @CsvSource({
        "too short,           at least 15 characters",
        "123456789987654321,  guessed first",
        "ada-ada-ADA-ada-12,  a name of yours",
        "shop.example shop,   a name of yours",
    })
    void changeWhenTheNewPasswordIsRefusedThenSaysWhyAndChangesNothing(String next, String why) {
        Browser here = signedIn("ada");
        HttpResponse<String> answer = change(here, "wrong", next);
        assertProblem(answer, 422, "password-refused");
        assertThat(answer.body()).contains(why);
        assertThat(here.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.browser().signIn("ada", "ada").statusCode()).isEqualTo(200);
    }

    /** bcrypt reads 72 bytes. */
    @Test
    void changeWhenThePasswordIsLongThenAllOfItCountsInAnyNormalForm() {
        String next = "caf\u00e9 ".repeat(20) + "x";
        Browser here = signedIn("ada");
        assertThat(change(here, "ada", next).statusCode()).isEqualTo(200);
        assertThat(WORLD.browser()
                        .signIn("ada", next.substring(0, next.length() - 1) + "y")
                        .statusCode())
                .isEqualTo(401);
        assertThat(WORLD.browser()
                        .signIn("ada", next.replace("\u00e9", "e\u0301"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(WORLD.browser().signIn("ada", next).statusCode())
                .as("also after a hash could have been replaced")
                .isEqualTo(200);
    }

    @Test
    void changesWhenTwoComeAtOnceThenOneWinsAndTheOtherIsTold() {
        Browser here = WORLD.signedIn("ada");
        Browser there = signedIn("ada");
        awaitUpgraded();
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        STORE.whileLocked("ada", () -> {
            sent.add(here.sendLater(change(here.request(PATH), "ada", NEXT)));
            sent.add(there.sendLater(change(there.request(PATH), "ada", NEXT + " another")));
            await().atMost(LIMIT).until(() -> STORE.waiting() == 2);
        });
        List<HttpResponse<String>> answers =
                sent.stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 409);
        HttpResponse<String> lost = answers.stream()
                .filter(answer -> answer.statusCode() == 409)
                .findFirst()
                .orElseThrow();
        assertProblem(lost, 409, "password-outdated");
        String won = answers.get(0) == lost ? NEXT + " another" : NEXT;
        assertThat(WORLD.browser().signIn("ada", won).statusCode()).isEqualTo(200);
    }

    private static void awaitUpgraded() {
        await().atMost(LIMIT).until(() -> STORE.hash("ada").startsWith("{bcrypt}$2a$10$"));
    }

    @Test
    void changeWhenRedisIsAwayAfterTheWriteThenTheUserIsToldAndTheReasonStaysTheSame() {
        Browser here = signedIn("ada");
        awaitUpgraded();
        String session = new SessionId(here.session()).publicId().value();
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        try {
            STORE.whileLocked("ada", () -> {
                sent.add(here.sendLater(change(here.request(PATH), "ada", NEXT)));
                await().atMost(LIMIT).until(() -> STORE.waiting() == 1);
                WORLD.redis().pause();
            });
            assertProblem(sent.get(0).join(), 503, "password-stored");
        } finally {
            WORLD.redis().resume();
        }
        assertThat(events("password-changed"))
                .singleElement()
                .satisfies(event -> assertThat(event.facts())
                        .extracting(AuditEvent.Fact::value)
                        .containsExactly("ada", session, "127.0.0.1"));
        here.awaitRefused();
        assertThat(WORLD.tombstone(here)).startsWith("password-changed,");
        await().atMost(LIMIT).until(() -> WORLD.browser().signIn("ada", NEXT).statusCode() == 200);
    }

    /** Another node may find the new hash before this one has recorded it. */
    @Test
    void reasonWhenAnotherNodeFindsTheChangeFirstThenTheSame() {
        Browser here = signedIn("ada");
        awaitUpgraded();
        String hash = Resources.hash(NEXT);
        String version = CredentialVersion.replacing(hash);
        STORE.run("UPDATE users SET password = ?, version = ? WHERE name = 'ada'", hash, version);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(WORLD.tombstone(here)).startsWith("password-changed,"));
    }

    @Test
    void changeWhenTheStoreDoesNotAnswerThenNothingEnds() {
        Browser here = signedIn("ada");
        awaitUpgraded();
        STORE.stop();
        try {
            assertProblem(change(here, "ada", NEXT), 503, "unavailable");
        } finally {
            STORE.resume();
        }
        await().atMost(LIMIT).until(() -> WORLD.browser().signIn("ada", "ada").statusCode() == 200);
        assertThat(here.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void changeWhenTheStoreMayNotBeWrittenThenRefusedAndNoLinkLeadsThere() {
        try (Gateway readOnly = WORLD.startNode(Map.of("latchkey.users.postgresql.writable", false))) {
            Browser here = WORLD.signedIn("ada").at(readOnly.url());
            assertProblem(change(here, "ada", NEXT), 409, "password-elsewhere");
            assertThat(here.navigate(PATH).statusCode()).isEqualTo(409);
            assertThat(here.navigate("/auth/sessions").body()).doesNotContain("href=\"password\"");
        }
    }

    @Test
    void changeWhenAProviderBeganTheSessionThenRefused() {
        TestProviders.awaitReady(WORLD.browser());
        PROVIDER.signIn("sub-1", Map.of("account", Map.of("name", "ada")));
        Visitor visitor = new Visitor(WORLD.browser());
        visitor.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        assertThat(visitor.browser().get("/auth/session").body()).contains("\"subject\":\"ada\"");
        assertProblem(change(visitor.browser(), "ada", NEXT), 409, "password-elsewhere");
    }

    @Test
    void changeWhenNobodyIsSignedInOrAnotherSiteAsksThenRefused() {
        assertProblem(change(WORLD.browser(), "ada", NEXT), 401, "unauthenticated");
        Browser here = signedIn("ada");
        assertProblem(
                here.send(change(
                        here.bare(PATH).header("Cookie", here.cookies()).header("Origin", "https://evil.example"),
                        "ada",
                        NEXT)),
                403,
                "cross-site");
        assertProblem(
                here.send(here.request(PATH)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"newPassword\":\"x\"}"))),
                400,
                "malformed-request");
        assertThat(WORLD.browser().navigate(PATH).headers().firstValue("Location"))
                .hasValue("/auth/sign-in?return=/auth/password");
    }

    @Test
    void formWhenTypedTwiceDifferentlyThenThePageSaysSoAndElseLeadsToTheSessions() {
        Browser here = signedIn("ada");
        String typed = "currentPassword=ada&newPassword=" + NEXT.replace(" ", "+");
        HttpResponse<String> page = form(here, typed + "&newPasswordAgain=other");
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body()).contains("role=\"alert\"", "twice").doesNotContain(NEXT);

        HttpResponse<String> done = form(here, typed + "&newPasswordAgain=" + NEXT.replace(" ", "+"));
        assertThat(done.headers().firstValue("Location")).as(done.body()).hasValue("/auth/sessions?changed=password");
        assertThat(here.navigate("/auth/sessions?changed=password").body()).contains("role=\"status\"", "was changed");
    }

    /** In Chromium, with axe-core, which knows the rules of WCAG 2; skipped where there is no Chromium. */
    @Nested
    final class InABrowser {

        @RegisterExtension
        static final ChromiumPages CHROMIUM = new ChromiumPages();

        @Test
        void personWhenTheyChangeTheirPasswordThenIsLedBackToTheirSessions() {
            Page page = CHROMIUM.page();
            page.navigate(WORLD.url() + "/auth/sign-in?return=/auth/sessions");
            page.fill("#username", "ada");
            page.fill("#password", "ada");
            page.click("button");
            page.waitForURL(WORLD.url() + "/auth/sessions");
            WORLD.clock().advance(Duration.ofSeconds(1));
            page.click("text=Change password");
            assertThat(page.textContent("h1")).isEqualTo("Change your password");
            assertThat(Axe.violations(page)).isEmpty();
            type(page, "wrong");
            assertThat(page.textContent("[role=alert]")).isEqualTo("The current password is wrong");
            assertThat(page.title()).isEqualTo("Error: Change your password");
            assertThat(Axe.violations(page)).isEmpty();
            type(page, "ada");
            assertThat(page.textContent("[role=status]")).contains("Your password was changed");
            assertThat(page.textContent("h1")).isEqualTo("Your sessions");
            assertThat(page.locator(".sessions li").count()).isEqualTo(1);
            assertThat(Axe.violations(page)).isEmpty();
        }

        private static void type(Page page, String old) {
            page.fill("#current", old);
            page.fill("#next", NEXT);
            page.fill("#again", NEXT);
            page.click("button");
        }
    }
}
