package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.management.GatewayCommand;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.signin.provider.TestProviders;
import dev.latchkey.gateway.signin.provider.Visitor;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.users.MongoFixture;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A user complains that they were signed out; an operator finds the reason with one command, and the user's page too.
 * Users are in a store that may be written, so that each end is what really happens.
 */
final class EndReasonsIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());
    private static final MongoFixture STORE = MongoFixture.start();
    /** Made once: another salt would be another password to a session. */
    private static final String HASH = Resources.hash("ada");

    @RegisterExtension
    static final World WORLD = new World(properties());

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofDays(7);
    /** Of a provider's access token. */
    private static final Duration PROVIDERS_LIFE = Duration.ofMinutes(5);

    private static final String NEXT = "four words and a comma, then";

    @TempDir
    private static Path folder;

    private static String stamp = "";

    private static Map<String, Object> properties() {
        putAda();
        Map<String, Object> all = new HashMap<>(STORE.properties());
        all.putAll(TestProviders.properties(PROVIDER));
        all.put("latchkey.providers.strict.local-user-claim", "account.name");
        all.put("latchkey.admin.tokens-file", OperatorClient.tokensFile());
        all.put("latchkey.users.poll-interval", "100ms");
        all.put("latchkey.users.cache-time", "100ms");
        return all;
    }

    private static void putAda() {
        STORE.put("ada", HASH, List.of("customer"));
    }

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void close() {
        PROVIDER.close();
        STORE.close();
    }

    @BeforeAll
    static void remember() throws IOException {
        Files.writeString(folder.resolve("token"), OperatorClient.TOKEN + "\n");
        stamp = stamp();
    }

    /** Waits for it without signing in: too many attempts with a password that is not known yet would be refused. */
    @AfterEach
    void putBack() {
        putAda();
        await().atMost(LIMIT).until(() -> stamp().equals(stamp));
    }

    private static String stamp() {
        return WORLD.gateway()
                .bean(UserDirectory.class)
                .find(new Subject("ada"))
                .map(found -> found.fold(User::credentialStamp, () -> "", () -> ""))
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    /**
     * One way in which a session ends.
     *
     * @param reason what the audit log and the operator are told
     * @param told what the client is told; empty for nothing
     */
    private record Way(String reason, String told, Consumer<Browser> end) {

        private Browser begin() {
            return List.of("upstream", "lapsed").contains(reason) ? signedInAtProvider() : WORLD.signedIn("ada");
        }

        /** On the sign-in page. */
        private String sentence() {
            return switch (told) {
                case "expired" -> "<p class=\"notice\" role=\"status\">Your session has expired.";
                case "ended-elsewhere" -> "<p class=\"notice\" role=\"status\">You were signed out elsewhere.";
                case "replaced" -> "<p class=\"notice\" role=\"status\">You have signed in elsewhere";
                case "revoked" -> "<p class=\"notice\" role=\"status\">Your session was ended.";
                default -> "<h1>Sign in</h1>\n    \n";
            };
        }

        @Override
        public String toString() {
            return reason;
        }
    }

    private static List<Way> ways() {
        return List.of(
                new Way(
                        "signed-out",
                        "ended-elsewhere",
                        browser -> browser.copy().post("/auth/sign-out")),
                new Way(
                        "signed-out-everywhere",
                        "ended-elsewhere",
                        browser -> WORLD.signedIn("ada").post("/auth/sign-out?everywhere=true")),
                new Way("ended-by-owner", "ended-elsewhere", EndReasonsIT::endFromAnotherDevice),
                new Way("password-changed", "ended-elsewhere", browser -> changePassword()),
                new Way("upstream", "ended-elsewhere", browser -> endAtProvider()),
                new Way("signed-in-over", "replaced", browser -> browser.copy().signIn("ada", "ada")),
                new Way("too-many", "replaced", browser -> beginMany()),
                new Way("ended-by-operator", "revoked", browser -> command("sessions", "end", publicId(browser))),
                new Way("user-erased", "revoked", browser -> command("users", "erase", "ada", "--yes")),
                new Way("user-gone", "revoked", browser -> change(() -> STORE.delete("ada"))),
                new Way("user-disabled", "revoked", browser -> change(() -> STORE.disable("ada", true))),
                new Way(
                        "credentials-changed",
                        "revoked",
                        browser -> change(() -> STORE.rehash("ada", Resources.hash("another")))),
                new Way("reused", "revoked", EndReasonsIT::replay),
                new Way("unreadable", "revoked", browser -> WORLD.change(browser, "gen", "junk")),
                new Way("restored", "revoked", EndReasonsIT::restore),
                new Way("lapsed", "", EndReasonsIT::loseTokens),
                new Way("unknown", "", browser -> WORLD.redis().say("DEL " + WORLD.key(browser))),
                new Way("expired-idle", "expired", browser -> expire(browser, IDLE)),
                new Way("expired-absolute", "expired", browser -> expire(browser, World.ABSOLUTE)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void sessionWhenItHasEndedThenTheOperatorFindsWhyAndTheUserMayKnowSome(Way way) {
        Browser browser = way.begin();
        String session = publicId(browser);
        WORLD.clock().advance(Duration.ofSeconds(1));
        way.end().accept(browser);
        WORLD.expireAccessToken();

        await().atMost(LIMIT).until(() -> browser.get("/api/x").statusCode() == 401);
        assertThat(reason(browser.get("/api/x"))).isEqualTo(way.told());
        assertThat(reason(browser.get("/auth/session"))).isEqualTo(way.told());
        JsonNode looked = json(browser.get("/auth/session?touch=false&optional=true"));
        assertThat(looked.path("signedIn").asBoolean(true)).isFalse();
        assertThat(looked.path("reason").asString("")).isEqualTo(way.told());

        assertThat(browser.navigate("/auth/sign-in").body()).contains(way.sentence());

        if (List.of("too-many", "upstream").contains(way.reason())) {
            assertThat(WORLD.audit())
                    .as("nobody who knows the session has ended it")
                    .filteredOn(event -> event.name().equals("session-revoked"))
                    .extracting(event -> AuditFacts.of(event, "session") + " " + AuditFacts.of(event, "reason"))
                    .contains(session + " " + way.reason());
        }
        JsonNode explained = JsonMapper.shared().readTree(command("explain", "--session", session, "--json"));
        assertThat(why(explained)).isEqualTo(way.reason());
        JsonNode listed = explained.path("session");
        assertThat(listed.path("reason").asString(listed.path("state").asString()))
                .isEqualTo(way.reason());
        assertThat(WORLD.audit())
                .filteredOn(event -> event.name().equals("refresh-refused"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(AuditFacts.of(event, "subject")).isEqualTo("ada");
                    assertThat(AuditFacts.of(event, "session")).isEqualTo(session);
                    assertThat(AuditFacts.of(event, "reason")).isEqualTo(way.reason());
                });
    }

    /** A session that has lapsed has no reason beside that. */
    private static String why(JsonNode explained) {
        return explained.path("why").asString().equals("session-lapsed")
                ? "lapsed"
                : explained.path("detail").asString();
    }

    /**
     * Of the rows that refuse a refresh token, two leave the session as it is, and one has a reason of its own. One
     * reason is that of sessions whose tokens nobody got.
     */
    @Test
    void reasonsWhenThereAreThenEachHasItsStory() {
        Stream<String> revoked = EnumSet.complementOf(EnumSet.of(RevocationReason.SIGN_IN_FAILED)).stream()
                .map(RevocationReason::word);
        Stream<String> refused =
                EnumSet.complementOf(EnumSet.of(RefusedRow.STALE, RefusedRow.UNPROVEN, RefusedRow.REVOKED)).stream()
                        .map(RefusedRow::word);
        assertThat(ways())
                .extracting(Way::reason)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(revoked, refused).collect(Collectors.toSet()));
    }

    @Test
    void clientWhenItHasNoRefreshTokenOfTheSessionThenItIsToldNothing() {
        Browser browser = WORLD.signedIn("ada");
        Browser withAccessTokenOnly = WORLD.browser();
        withAccessTokenOnly.putBack(Map.of("latchkey-access", browser.jar().getOrDefault("latchkey-access", "")));
        command("sessions", "end", publicId(browser));
        await().atMost(LIMIT).until(() -> withAccessTokenOnly.get("/api/x").statusCode() == 401);
        assertThat(reason(withAccessTokenOnly.get("/api/x"))).isEmpty();
        assertThat(reason(WORLD.browser().get("/api/x"))).isEmpty();
    }

    @Test
    void requestsWhenTheirUserLacksARoleThenTheAuditLogCountsThem() {
        Browser ada = WORLD.signedIn("ada");
        for (int time = 0; time < 3; time++) {
            assertThat(ada.get("/admin/x").statusCode()).isEqualTo(403);
        }
        assertRefused(Map.of("reason", "roles", "subject", "ada", "route", "admin"));
    }

    @Test
    void requestsWhenSentByAnotherSiteThenTheAuditLogCountsThem() {
        Browser ada = WORLD.signedIn("ada");
        for (int time = 0; time < 3; time++) {
            HttpResponse<String> answer = ada.sendOnly(ada.bare("/api/x")
                    .header("Cookie", ada.cookies())
                    .header("Sec-Fetch-Site", "cross-site")
                    .DELETE());
            assertThat(answer.statusCode()).isEqualTo(403);
        }
        assertRefused(Map.of("reason", "cross-site", "address", "127.0.0.1", "route", "api"));
    }

    @Test
    void requestsWhenTheirPathIsAmbiguousThenTheAuditLogCountsThem() {
        Browser stranger = WORLD.browser();
        for (int time = 0; time < 3; time++) {
            assertThat(stranger.get("/open/..%2Fadmin/x").statusCode()).isEqualTo(400);
        }
        assertRefused(Map.of("reason", "ambiguous-path", "address", "127.0.0.1"));
    }

    private static void assertRefused(Map<String, String> facts) {
        WORLD.clock().advance(Duration.ofMinutes(1));
        await().atMost(LIMIT)
                .until(() -> refusals().stream()
                        .map(event -> AuditFacts.of(event, "count"))
                        .toList()
                        .equals(List.of("1", "2")));
        assertThat(refusals())
                .allSatisfy(event -> facts.forEach(
                        (name, value) -> assertThat(AuditFacts.of(event, name)).isEqualTo(value)));
    }

    private static List<AuditEvent> refusals() {
        return WORLD.audit().stream()
                .filter(event -> event.name().equals("request-refused"))
                .toList();
    }

    private static void endFromAnotherDevice(Browser browser) {
        Browser other = WORLD.signedIn("ada");
        assertThat(other.send(other.request("/auth/sessions/" + publicId(browser))
                                .DELETE())
                        .statusCode())
                .isEqualTo(204);
    }

    private static Browser signedInAtProvider() {
        Visitor visitor = new Visitor(WORLD.browser());
        TestProviders.awaitReady(WORLD.browser());
        PROVIDER.signIn("ada-1", Map.of("account", Map.of("name", "ada")));
        visitor.signIn("/auth/providers/strict");
        return visitor.browser();
    }

    private static void endAtProvider() {
        assertThat(TestProviders.logout(WORLD, PROVIDER.logoutToken()).statusCode())
                .isEqualTo(200);
    }

    private static void revoke(Browser browser, RevocationReason reason) {
        WORLD.gateway()
                .bean(SessionRevoker.class)
                .revoke(new Subject("ada"), new SessionId(browser.session()), reason)
                .block(LIMIT);
    }

    private static void beginMany() {
        NewSession session =
                new NewSession(new Subject("ada"), "", new ClientFacts("Firefox", "203.0.113.9"), Optional.empty());
        Flux.range(0, 100)
                .concatMap(next -> WORLD.gateway().bean(RedisSessionStore.class).create(session))
                .blockLast(LIMIT);
    }

    private static void replay(Browser browser) {
        Browser thief = browser.copy();
        for (int rotation = 0; rotation < 2; rotation++) {
            WORLD.expireAccessToken();
            assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        }
        for (int replay = 0; replay < 2; replay++) {
            WORLD.clock().advance(World.GRACE.multipliedBy(2));
            assertThat(thief.get("/api/x").statusCode()).isEqualTo(401);
        }
    }

    /** As if Redis had lost the end of the session in a failover. */
    private static void restore(Browser browser) {
        byte[] before = WORLD.dump(browser);
        revoke(browser, RevocationReason.SIGNED_OUT);
        SessionId session = new SessionId(browser.session());
        WORLD.forgetEntry(DenylistKeys.ended(Shard.of(session)), session.value());
        WORLD.restore(browser, before);
    }

    /** As Redis does at the end of a time to live. */
    private static void expire(Browser browser, Duration after) {
        WORLD.clock().advance(after);
        WORLD.redis().say("DEL " + WORLD.key(browser));
    }

    private static void change(Runnable change) {
        change.run();
        await().atMost(LIMIT).until(() -> WORLD.auditNames().contains("user-revoked"));
    }

    private static void changePassword() {
        Browser other = WORLD.signedIn("ada");
        HttpResponse<String> answer = other.send(other.request("/auth/password")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"currentPassword\":\"ada\",\"newPassword\":\"" + NEXT + "\"}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** The provider has renewed its tokens, but its answer is lost, and it refuses the old one. */
    private static void loseTokens(Browser browser) {
        PROVIDER.next("/token", ProviderTrouble.loses());
        WORLD.clock().advance(PROVIDERS_LIFE.plusSeconds(1));
        await().atMost(LIMIT).until(() -> {
            WORLD.expireAccessToken();
            browser.get("/api/x");
            return WORLD.auditNames().contains("session-lapsed");
        });
    }

    private static String command(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "--url",
                WORLD.gateway().managementUrl(),
                "--token-file",
                folder.resolve("token").toString()));
        int code = GatewayCommand.run(
                        all.toArray(String[]::new),
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        System.err)
                .orElseThrow();
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String publicId(Browser browser) {
        return new SessionId(browser.session()).publicId().value();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String reason(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        return json(answer).path("reason").asString("");
    }
}
