package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditEvent.Fact;
import dev.latchkey.gateway.audit.AuditEventType;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.DpopClient;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A support desk finds out why somebody was signed out, and ends sessions, over the management port. */
final class AdminApiIT {

    @RegisterExtension
    static final World WORLD = new World(
            Map.of("latchkey.admin.tokens-file", OperatorClient.tokensFile(), "latchkey.admin.poll-interval", "100ms"));

    private static OperatorClient operator() {
        return new OperatorClient(WORLD.gateway().managementUrl(), OperatorClient.TOKEN);
    }

    private static String refreshOf(Browser browser) {
        return browser.jar().entrySet().stream()
                .filter(cookie -> cookie.getKey().startsWith("latchkey-refresh-"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static String publicId(Browser browser) {
        return new SessionId(browser.session()).publicId().value();
    }

    @Test
    void endWhenAStreamIsOpenThenItEndsAndTheOperatorSeesWhy() {
        Browser browser = WORLD.signedIn("ada");
        String id = publicId(browser);
        String began = WORLD.clock().instant().toString();
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        String rotated = WORLD.clock().instant().toString();
        try (LiveConnection events =
                LiveConnection.events(browser, WORLD.port()).awaitMore()) {
            JsonNode live = OperatorClient.json(operator().get("/admin/api/sessions/" + id));
            assertThat(live.path("state").asString()).isEqualTo("active");
            assertThat(live.path("user").asString()).isEqualTo("ada");
            assertThat(live.path("address").asString()).isEqualTo("127.0.0.1");
            assertThat(live.path("createdAt").asString()).isEqualTo(began);
            assertThat(live.path("lastRotationAt").asString()).isEqualTo(rotated);
            assertThat(live.path("generation").asInt()).isEqualTo(2);
            assertThat(live.path("client").isString()).isTrue();
            assertThat(live.path("idleEndAt").asString())
                    .isLessThanOrEqualTo(live.path("expiresAt").asString());

            HttpResponse<String> ended = operator().delete("/admin/api/sessions/" + id);
            assertThat(ended.statusCode()).isEqualTo(200);
            assertThat(ended.headers().firstValue("Cache-Control")).contains("no-store");
            events.awaitEnd();
        }
        browser.awaitRefused();
        JsonNode after = OperatorClient.json(operator().get("/admin/api/sessions/" + id));
        assertThat(after.path("state").asString()).isEqualTo("ended");
        assertThat(after.path("reason").asString()).isEqualTo("ended-by-operator");
        assertThat(after.path("endedAt").asString())
                .isEqualTo(WORLD.clock().instant().toString());
        assertThat(after.path("denylist").path("revoked").asBoolean()).isTrue();
        assertThat(WORLD.audit())
                .contains(action("end-session", "success", "subject", "ada", "session", id))
                .contains(action("show-session", "success", "subject", "ada", "session", id))
                .anySatisfy(event -> assertThat(event.name()).isEqualTo("session-revoked"));
    }

    @Test
    void showWhenASessionIsBoundToItsDeviceThenSaysSo() {
        Browser bound = WORLD.signedIn("ada");
        Browser unbound = WORLD.signedIn("ada");
        WORLD.change(bound, "format", "2");
        WORLD.change(bound, "key", "A".repeat(44));

        JsonNode list = OperatorClient.json(operator().get("/admin/api/sessions?user=ada"));

        assertThat(StreamSupport.stream(list.path("sessions").spliterator(), false))
                .extracting(session -> session.path("sessionId").asString()
                        + session.path("deviceBound").asBoolean())
                .containsExactlyInAnyOrder(publicId(bound) + true, publicId(unbound) + false);
    }

    @Test
    void listWhenSessionsHaveEndedThenTheyStayWithTheirReason() {
        Browser stays = WORLD.signedIn("ada");
        Browser left = WORLD.signedIn("ada");
        String gone = publicId(left);
        assertThat(left.post("/auth/sign-out").statusCode()).isEqualTo(204);
        for (int round = 0; round < 2; round++) {
            JsonNode answer = OperatorClient.json(operator().get("/admin/api/sessions?user=ada"));
            assertThat(states(answer)).containsExactly(publicId(stays) + " active ", gone + " ended signed-out");
            // The owner's list shows live ones only, and moves the others aside.
            assertThat(stays.get("/auth/sessions").body()).doesNotContain(gone);
        }
        assertThat(WORLD.audit()).contains(action("list-sessions", "success", "subject", "ada"));
    }

    @Test
    void listWhenManyHaveEndedThenTwentyStay() {
        Browser stays = WORLD.signedIn("ada");
        for (int i = 0; i < 25; i++) {
            WORLD.signedIn("ada").post("/auth/sign-out");
        }
        assertThat(stays.get("/auth/sessions").statusCode()).isEqualTo(200);
        assertThat(states(OperatorClient.json(operator().get("/admin/api/sessions?user=ada"))))
                .hasSize(21)
                .first()
                .isEqualTo(publicId(stays) + " active ");
    }

    @Test
    void endAllWhenThereAreSeveralThenOnlyThoseOfTheUser() {
        Browser one = WORLD.signedIn("ada");
        Browser two = WORLD.signedIn("ada");
        Browser other = WORLD.signedIn("bob");
        JsonNode answer = OperatorClient.json(operator().delete("/admin/api/sessions?user=ada"));
        assertThat(texts(answer.path("ended"))).containsExactlyInAnyOrder(publicId(one), publicId(two));
        assertThat(one.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(two.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(other.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.audit().stream().filter(event -> event.name().equals("admin-action")))
                .as("one line a call")
                .containsExactly(action("end-sessions-of-user", "success", "subject", "ada"));
        assertThat(WORLD.audit()).contains(AuditEvent.userRevoked(new Subject("ada"), "ended-by-operator"));
    }

    @Test
    void explainWhenTokensArePresentedThenSaysWhyAndShowsNone() {
        Browser browser = WORLD.signedIn("ada");
        String access = browser.jar().getOrDefault("latchkey-access", "");
        String refresh = refreshOf(browser);
        assertThat(operator().explain("token", access).path("why").asString()).isEqualTo("accepted");
        assertThat(operator().explain("token", refresh).path("kind").asString()).isEqualTo("refresh-token");
        String forged = access.substring(0, access.length() - 6) + "AAAAAA";
        JsonNode unverified = operator().explain("token", forged);
        assertThat(unverified.path("why").asString()).isEqualTo("not-verified");
        assertThat(unverified.path("detail").asString()).isEqualTo("signature");
        assertThat(unverified.has("user")).isFalse();

        WORLD.expireAccessToken();
        assertThat(operator().explain("token", access).path("why").asString()).isEqualTo("expired");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(operator().explain("token", refresh).path("why").asString()).isEqualTo("superseded");

        operator().delete("/admin/api/sessions?user=ada");
        for (String token : List.of(access, refresh)) {
            JsonNode denied = operator().explain("token", token);
            assertThat(denied.path("why").asString()).isEqualTo("session-ended");
            assertThat(denied.path("detail").asString()).isEqualTo("ended-by-operator");
            assertThat(denied.path("since").asString())
                    .isEqualTo(WORLD.clock().instant().toString());
            assertThat(denied.toString()).doesNotContain(access, refresh, browser.session());
        }
        assertThat(operator().explain("token", access).path("thisNode").asString())
                .isEqualTo("denied");
        assertThat(operator().explain("user", "ada").path("why").asString()).isEqualTo("user-denied");
        assertThat(operator()
                        .explain("sessionId", publicId(browser))
                        .path("detail")
                        .asString())
                .isEqualTo("ended-by-operator");
        assertThat(WORLD.audit().toString()).doesNotContain(access, refresh);
        assertThat(WORLD.audit())
                .contains(action("explain", "success", "subject", "ada", "session", publicId(browser)));
    }

    /** Such a token is not denied, and refused all the same without a proof of the key. */
    @Test
    void explainWhenATokenIsBoundToAKeyThenSaysToWhich() {
        DpopClient client = new DpopClient(WORLD.url(), WORLD.clock());
        assertThat(client.signIn("ada").statusCode()).isEqualTo(200);
        String key = client.thumbprint();
        for (String token : List.of(client.access(), client.refreshToken())) {
            JsonNode explained = operator().explain("token", token);
            assertThat(explained.path("why").asString()).isEqualTo("accepted");
            assertThat(explained.path("token").path("boundTo").asString("")).isEqualTo(key);
        }
        String bearer = WORLD.signedIn("ada").jar().getOrDefault("latchkey-access", "");
        assertThat(operator().explain("token", bearer).path("token").has("boundTo"))
                .isFalse();
    }

    @Test
    void explainWhenTheSessionWasIdleThenSaysThatItExpired() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.redis().say("DEL " + WORLD.key(browser));
        JsonNode explained = operator().explain("token", refreshOf(browser));
        assertThat(explained.path("why").asString()).isEqualTo("session-expired");
        assertThat(explained.path("user").asString()).isEqualTo("ada");
    }

    @Test
    void denylistWhenPagedThenEachEntryComesOnce() {
        List<String> ids = List.of("ada", "bob", "ada", "bob", "ada").stream()
                .map(user -> publicId(WORLD.signedIn(user)))
                .toList();
        ids.forEach(id -> operator().delete("/admin/api/sessions/" + id));
        operator().delete("/admin/api/sessions?user=ada");
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = OperatorClient.json(operator().get("/admin/api/denylist?limit=2" + cursor));
            assertThat(page.path("entries").size()).isLessThanOrEqualTo(2);
            assertThat(page.path("source").asString()).isEqualTo("this node's copy");
            page.path("entries")
                    .forEach(entry -> seen.add(
                            entry.path("sessionId").asString(entry.path("user").asString(""))));
            cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
        } while (!cursor.isEmpty());
        assertThat(seen).doesNotHaveDuplicates().containsAll(ids).contains("ada");
        assertThat(WORLD.audit()).contains(action("show-denylist", "success"));
    }

    @Test
    void eraseWhenAUserHadSessionsThenNoNameStaysButInTheDenylist() {
        Browser browser = WORLD.signedIn("bob");
        WORLD.signedIn("bob").post("/auth/sign-out");
        JsonNode answer = OperatorClient.json(operator().delete("/admin/api/users?user=bob"));
        assertThat(texts(answer.path("ended"))).containsExactly(publicId(browser));
        assertThat(answer.path("tombstones").asInt()).isEqualTo(2);
        assertThat(answer.path("stays").size()).isEqualTo(4);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(OperatorClient.json(operator().get("/admin/api/sessions/" + publicId(browser)))
                        .path("reason")
                        .asString())
                .isEqualTo("user-erased");
        assertThat(placesOf("bob")).containsExactly("latchkey:denied-users");
    }

    /**
     * The keys that hold a name, in their own or in what they hold; without what the nodes say again of users who are
     * still in the file.
     */
    private static List<String> placesOf(String name) {
        Predicate<String> holds = Pattern.compile("(?<![A-Za-z0-9_-])" + name + "(?![A-Za-z0-9_-])")
                .asPredicate();
        return WORLD.redis()
                .say("KEYS latchkey:*")
                .lines()
                .filter(key -> key.startsWith("latchkey:") && !key.equals("latchkey:users"))
                .filter(key -> holds.test(key) || holds.test(WORLD.redis().say("HGETALL " + key)))
                .toList();
    }

    @Test
    void tokensWhenTwentyAreWrongThenTheyAreToldToWaitAndTheRightOneEnters() {
        String session = "/admin/api/sessions?user=ada";
        OperatorClient wrong = operator().with("latchkey-wrong-wrong-wrong-wrong-wrong-wrong-wrong");
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> refused = wrong.get(session);
            assertThat(refused.statusCode()).isEqualTo(i < 10 ? 401 : 429);
            assertThat(refused.headers().firstValue("WWW-Authenticate").isPresent())
                    .isEqualTo(i < 10);
            assertThat(refused.body()).as("users sign in elsewhere").doesNotContain("signIn");
        }
        assertThat(operator().get(session).statusCode()).isEqualTo(200);
        assertThat(WORLD.audit().stream()
                        .filter(event -> event.name().equals("admin-refused"))
                        .filter(event -> AuditFacts.of(event, "count").equals("1")))
                .as("each reason at once; how often it happened follows")
                .containsExactly(
                        AuditEvent.adminRefused("token", "127.0.0.1"),
                        AuditEvent.adminRefused("attempts", "127.0.0.1"));

        WORLD.clock().advance(Duration.ofMillis(15_500));
        HttpResponse<String> limited = wrong.get(session);
        assertThat(limited.statusCode())
                .as("which forgets none of the wrong ones")
                .isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After"))
                .as("what is left of the minute")
                .contains("45");
        assertThat(wrong.statusFrom("127.0.0.2", session)).isEqualTo(401);
        WORLD.clock().advance(Duration.ofMillis(44_499));
        assertThat(wrong.get(session).headers().firstValue("Retry-After")).contains("1");
        WORLD.clock().advance(Duration.ofMillis(1));
        assertThat(wrong.get(session).statusCode()).isEqualTo(401);
    }

    @Test
    void requestWhenNobodySaysWhoAsksThenNothingIsTold() {
        OperatorClient stranger = operator().with("");
        Browser browser = WORLD.signedIn("ada");
        for (HttpResponse<String> refused : List.of(
                stranger.get("/admin/api/sessions?user=ada"),
                stranger.get("/admin/api/nothing"),
                stranger.delete("/admin/api/sessions/" + publicId(browser)),
                stranger.get("/admin/api/sessions?user=ada&access_token=" + OperatorClient.TOKEN),
                stranger.send(
                        HttpRequest.newBuilder(URI.create(WORLD.gateway().managementUrl() + "/admin/api/denylist"))
                                .header("Cookie", "latchkey-access=" + OperatorClient.TOKEN)))) {
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(refused.body())
                    .contains("urn:latchkey:problem:operator-unknown")
                    .doesNotContain("signIn");
        }
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /admin/api/sessions                                  | 400
            GET    | /admin/api/sessions?usr=ada                          | 400
            GET    | /admin/api/sessions?user=ada&user=bob                | 400
            GET    | /admin/api/sessions?user=%00                         | 400
            GET    | /admin/api/sessions?user=a%0D%0Ab                    | 400
            DELETE | /admin/api/sessions                                  | 400
            DELETE | /admin/api/sessions?provider=UP&sub=x                | 400
            DELETE | /admin/api/sessions?provider=corp&user=ada           | 400
            DELETE | /admin/api/users                                     | 400
            GET    | /admin/api/sessions/AAAAAAAAAAAAAAAAAAAAAA           | 404
            DELETE | /admin/api/sessions/AAAAAAAAAAAAAAAAAAAAAA           | 404
            GET    | /admin/api/sessions/x                                | 404
            GET    | /admin/api/nothing                                   | 404
            GET    | /admin/api                                           | 404
            GET    | /admin/api/explain                                   | 405
            DELETE | /admin/api/denylist                                  | 405
            GET    | /admin/api/denylist?limt=5                           | 400
            GET    | /admin/api/denylist?limit=501                        | 400
            GET    | /admin/api/denylist?limit=0                          | 400
            GET    | /admin/api/denylist?limit=9999999999                 | 400
            GET    | /admin/api/denylist?cursor=%ff                       | 400
            GET    | /admin/api/denylist?cursor=c3p6eA                    | 400
            GET    | /admin/api/events?user=%00                           | 400
            GET    | /admin/api/events?session=x                          | 400
            GET    | /admin/api/events?before=0                           | 400
            GET    | /admin/api/events?subject=ada                        | 400
            GET    | /admin/api/events?user=ada                           | 409
            """)
    void requestWhenItIsNotUnderstoodThenAProblemSaysWhy(String method, String path, int status) {
        HttpResponse<String> answer =
                method.equals("GET") ? operator().get(path) : operator().delete(path);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("urn:latchkey:problem:");
        assertThat(WORLD.audit())
                .singleElement()
                .satisfies(event -> assertThat(event.facts())
                        .contains(new Fact("actor", "ada"), new Fact("outcome", name(answer))));
    }

    private static String name(HttpResponse<String> problem) {
        return OperatorClient.json(problem).path("type").asString().replaceFirst(".*:", "");
    }

    /** It gets as far as no operator is asked who they are. */
    @Test
    void requestWhenItsPathIsAmbiguousThenRefused() {
        assertThat(operator().get("/admin/api/sessions/..%2f..").statusCode()).isEqualTo(400);
    }

    @Test
    void explainWhenTheBodyIsNoneThenAProblemSaysWhy() {
        String path = "/admin/api/explain";
        for (String body : new String[] {
            "", "[]", "{}", "{\"token\":1}", "{\"token\":\"a\",\"user\":\"b\"}", "{\"user\":\"a\",\"user\":\"b\"}", "{"
        }) {
            assertThat(operator().post(path, "application/json", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(operator().post(path, "text/plain", "{}").statusCode()).isEqualTo(415);
        assertThat(operator().post(path, "a b", "{}").statusCode()).isEqualTo(415);
        assertThat(operator()
                        .post(path, "application/json", "{\"token\":\"" + "a".repeat(1 << 20) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(WORLD.audit())
                .hasSize(10)
                .contains(
                        action("explain", "malformed-request"),
                        action("explain", "unsupported-media-type"),
                        action("explain", "content-too-large"));
        assertThat(operator().explain("token", "").path("why").asString()).isEqualTo("not-verified");
        assertThat(operator()
                        .post(path, "application/json", "{\"sessionId\":\"AAAAAAAAAAAAAAAAAAAAAA\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void requestWhenRedisIsAwayThenUnavailable() {
        WORLD.redis().kill();
        for (HttpResponse<String> answer : List.of(
                operator().get("/admin/api/sessions?user=ada"),
                operator().delete("/admin/api/sessions?user=ada"),
                operator().delete("/admin/api/users?user=ada"),
                operator().get("/admin/api/sessions/AAAAAAAAAAAAAAAAAAAAAA"))) {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
        assertThat(operator().get("/admin/api/denylist").statusCode()).isEqualTo(200);
        assertThat(WORLD.audit()).contains(action("erase-user", "unavailable", "subject", "ada"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9090", "127.0.0.1.evil.example", "gateway-1", ""})
    void requestWhenTheHostIsAnotherNameThenMisdirected(String host) {
        assertThat(ask(host)).startsWith("HTTP/1.1 421");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:9090", "[::1]"})
    void requestWhenTheHostIsAnAddressOrLocalhostThenAnswered(String host) {
        assertThat(ask(host)).startsWith("HTTP/1.1 200");
    }

    private static String ask(String host) {
        return RawConnection.exchange(
                URI.create(WORLD.gateway().managementUrl()).getPort(),
                "GET /admin/api/denylist HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer "
                        + OperatorClient.TOKEN + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void trafficPortWhenAskedThenKnowsNothingOfOperators() {
        assertNotThere(WORLD.url());
        assertThat(WORLD.auditNames()).isEmpty();
    }

    @Test
    void nodeWhenNothingIsConfiguredThenHasNoEndpoints() {
        try (Gateway node = WORLD.startNode(Map.of("latchkey.admin.tokens-file", ""))) {
            assertNotThere(node.managementUrl());
        }
    }

    /** The routes of the story take all below {@code /admin}. */
    private static void assertNotThere(String url) {
        OperatorClient client = new OperatorClient(url, OperatorClient.TOKEN);
        HttpResponse<String> answer = client.get("/admin/api/denylist");
        assertThat(answer.statusCode()).isNotEqualTo(200);
        assertThat(Browser.withoutRequestId(answer)).isEqualTo(Browser.withoutRequestId(client.get("/admin/anything")));
    }

    @Test
    void startWhenThereIsOnePortOnlyThenRefused() {
        assertThatThrownBy(() ->
                        WORLD.startNode(Map.of("management.server.port", "")).close())
                .rootCause()
                .hasMessageContaining("latchkey.admin needs a management port of its own");
    }

    private static List<String> states(JsonNode answer) {
        return StreamSupport.stream(answer.path("sessions").spliterator(), false)
                .map(session -> session.path("sessionId").asString() + " "
                        + session.path("state").asString() + " "
                        + session.path("reason").asString(""))
                .collect(Collectors.toList());
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    private static AuditEvent action(String action, String outcome, String... facts) {
        List<Fact> all = new ArrayList<>(
                List.of(new Fact("actor", "ada"), new Fact("action", action), new Fact("outcome", outcome)));
        for (int i = 0; i < facts.length; i += 2) {
            all.add(new Fact(facts[i], facts[i + 1]));
        }
        return new AuditEvent(AuditEventType.ADMIN_ACTION, all);
    }
}
