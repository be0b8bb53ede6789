package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.proof.TestProofs;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.DpopClient;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RecordingBackend.Received;
import dev.latchkey.gateway.testing.World;
import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Tokens of a client without cookies that are worth nothing without its key (RFC 9449). */
final class DpopIT {

    private static final String PATH = "/api/x";
    private static final BigInteger NEVER = BigInteger.TEN.pow(400);

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void clientWhenItProvesItsKeyThenItIsServedAndTheBackendIsTold() throws Exception {
        DpopClient client = signedIn();
        HttpResponse<String> answer = client.get(PATH + "?q=1", client.sign(client.withToken("GET", PATH)));
        assertThat(answer.statusCode()).isEqualTo(200);
        Received received = WORLD.backend().last();
        assertThat(received.headers().get("DPoP")).isNull();
        assertThat(WORLD.identityOf(received).getStringClaim("dpop_jkt")).isEqualTo(client.thumbprint());
        assertThat(WORLD.auditNames()).doesNotContain("proof-refused");
    }

    @Test
    void signInWhenItsProofHasNoNonceThenOneIsGivenAsClientsExpectIt() {
        DpopClient client = client();
        HttpResponse<String> first = client.post("/auth/token", "{\"username\":\"ada\",\"password\":\"ada\"}");
        assertThat(first.statusCode()).isEqualTo(400);
        assertThat(first.body()).contains("\"error\":\"use_dpop_nonce\"");
        assertThat(first.headers().firstValue("DPoP-Nonce")).isPresent();
        HttpResponse<String> second = client.signIn("ada");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).contains("\"tokenType\":\"DPoP\"");
    }

    @Test
    void refreshWhenItsProofHasNoNonceThenTheSame() {
        DpopClient client = signedIn();
        Map<String, Object> claims = client.claims("POST", "/auth/refresh");
        claims.remove("nonce");
        HttpResponse<String> answer = client.send(client.request("/auth/refresh")
                .header("DPoP", client.sign(claims))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"refreshToken\":\"" + client.refreshToken() + "\"}")));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"error\":\"use_dpop_nonce\"");
        assertThat(answer.headers().firstValue("DPoP-Nonce")).isPresent();
        assertThat(client.refresh().statusCode()).isEqualTo(200);
    }

    /** Else strangers could fill what a node remembers of sign-ins. */
    @Test
    void signInWhenRefusedThenItsProofIsNotRememberedAndElseItIs() {
        DpopClient client = client();
        client.signIn("nobody");
        String proof = client.sign(client.claims("POST", "/auth/token"));

        assertThat(signIn(client, proof, "ada", "wrong").statusCode()).isEqualTo(401);
        await().untilAsserted(() ->
                assertThat(signIn(client, proof, "ada", "").body()).contains("A username and a password are needed"));
        await().until(() -> signIn(client, proof, "ada", "ada").statusCode() == 200);
        HttpResponse<String> again = signIn(client, proof, "ada", "ada");
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("invalid_dpop_proof");
    }

    private static HttpResponse<String> signIn(DpopClient client, String proof, String name, String password) {
        String secret = password.isEmpty() ? "" : ",\"password\":\"" + password + "\"";
        return client.send(client.request("/auth/token")
                .header("DPoP", proof)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"" + name + "\"" + secret + "}")));
    }

    @Test
    void clientWhenItProvesNothingThenItsTokensAreBearerTokens() {
        HttpResponse<String> answer = WORLD.browser()
                .sendOnly(WORLD.browser()
                        .bare("/auth/token")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"username\":\"ada\",\"password\":\"ada\"}")));
        assertThat(answer.body()).contains("\"tokenType\":\"Bearer\"");
        String access =
                new JsonMapper().readTree(answer.body()).get("accessToken").asString();
        assertThat(WORLD.browser()
                        .sendOnly(WORLD.browser()
                                .bare(PATH)
                                .header("Authorization", "DPoP " + access)
                                .GET())
                        .headers()
                        .firstValue("WWW-Authenticate"))
                .as("a bearer token under the other scheme")
                .contains("DPoP error=\"invalid_token\", algs=\"ES256\"");
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                forgery("other method", "invalid_dpop_proof", "other-request", claims -> claims.put("htm", "POST")),
                forgery(
                        "other path",
                        "invalid_dpop_proof",
                        "other-request",
                        claims -> claims.put("htu", WORLD.url() + "/api/y")),
                forgery(
                        "other host",
                        "invalid_dpop_proof",
                        "other-request",
                        claims -> claims.put("htu", "http://evil.example" + PATH)),
                forgery(
                        "other scheme",
                        "invalid_dpop_proof",
                        "other-request",
                        claims -> claims.put("htu", WORLD.url().replace("http:", "https:") + PATH)),
                forgery(
                        "other token",
                        "invalid_dpop_proof",
                        "other-request",
                        claims -> claims.put("ath", claims.get("jti"))),
                forgery("no token", "invalid_dpop_proof", "other-request", claims -> claims.remove("ath")),
                forgery("no id", "invalid_dpop_proof", "malformed", claims -> claims.remove("jti")),
                forgery("old", "invalid_dpop_proof", "not-now", claims -> claims.put("iat", iat(claims) - 62)),
                forgery("of tomorrow", "invalid_dpop_proof", "not-now", claims -> claims.put("iat", iat(claims) + 90)),
                forgery("no time", "invalid_dpop_proof", "not-now", claims -> claims.remove("iat")),
                forgery("of never", "invalid_dpop_proof", "not-now", claims -> claims.put("iat", NEVER)),
                forgery("no nonce", "use_dpop_nonce", "", claims -> claims.remove("nonce")),
                forgery("other nonce", "use_dpop_nonce", "", claims -> claims.put("nonce", "v1.a.b.c")));
    }

    private static Arguments forgery(String name, String error, String reason, Consumer<Map<String, Object>> change) {
        return Arguments.of(name, error, reason, change);
    }

    private static long iat(Map<String, Object> claims) {
        return (long) claims.get("iat");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void proofWhenItIsNotOfThisRequestThenItIsRefusedAndTheSessionLives(
            String name, String error, String reason, Consumer<Map<String, Object>> change) {
        DpopClient client = signedIn();
        Map<String, Object> claims = client.withToken("GET", PATH);
        change.accept(claims);
        assertRefused(client.get(PATH, client.sign(claims)), error);
        assertAudited(reason);
        assertThat(client.get(PATH).statusCode()).isEqualTo(200);
        assertThat(client.refresh().statusCode()).isEqualTo(200);
    }

    @Test
    void proofWhenItIsForgedOrByAnotherKeyThenItIsRefused() {
        DpopClient client = signedIn();
        TestProofs thief = new TestProofs();
        Map<String, Object> claims = client.withToken("GET", PATH);
        assertRefused(client.get(PATH, thief.sign(thief.headerWithKey("dpop+jwt"), claims)), "invalid_token");
        assertAudited("other-key");
        WORLD.clock().advanceSeconds(1);
        assertRefused(
                client.get(PATH, thief.sign(client.key().headerWithKey("dpop+jwt"), client.withToken("GET", PATH))),
                "invalid_dpop_proof");
        assertAudited("other-key", "forged");
        assertRefused(
                client.get(PATH, client.key().sign(client.key().headerWithKey("dbsc+jwt"), claims)),
                "invalid_dpop_proof");
        assertRefused(client.get(PATH, client.key().sign(TestProofs.header("dpop+jwt"), claims)), "invalid_dpop_proof");
        assertAudited("other-key", "forged", "malformed");
        assertThat(client.get(PATH).statusCode()).isEqualTo(200);
    }

    @Test
    void proofWhenItIsReplayedThenItIsRefused() {
        DpopClient client = signedIn();
        String proof = client.sign(client.withToken("GET", PATH));
        assertThat(client.get(PATH, proof).statusCode()).isEqualTo(200);
        WORLD.clock().advanceSeconds(20);
        assertRefused(client.get(PATH, proof), "invalid_dpop_proof");
        assertAudited("replayed");
    }

    @Test
    void tokenWhenItComesWithoutProofOrAsBearerThenItIsRefused() {
        DpopClient client = signedIn();
        HttpResponse<String> bearer = client.send(client.request(PATH)
                .header("Authorization", "Bearer " + client.access())
                .GET());
        assertThat(bearer.statusCode()).isEqualTo(401);
        assertThat(bearer.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
        HttpResponse<String> downgraded = client.send(client.request(PATH)
                .header("Authorization", "Bearer " + client.access())
                .header("DPoP", client.sign(client.withToken("GET", PATH)))
                .GET());
        assertThat(downgraded.statusCode()).as("with a proof").isEqualTo(401);
        HttpResponse<String> cookie = client.send(client.request(PATH)
                .header("Cookie", "latchkey-access=" + client.access())
                .GET());
        assertThat(cookie.statusCode()).as("as a cookie").isEqualTo(401);
        assertRefused(
                client.send(client.request(PATH)
                        .header("Authorization", "DPoP " + client.access())
                        .GET()),
                "invalid_token");
        assertAudited("missing");
        String proof = client.sign(client.withToken("GET", PATH));
        assertRefused(
                client.send(client.request(PATH)
                        .header("Authorization", "DPoP " + client.access())
                        .header("DPoP", proof)
                        .header("DPoP", client.sign(client.withToken("GET", PATH)))
                        .GET()),
                "invalid_dpop_proof");
        assertThat(client.get(PATH, proof).statusCode()).as("used once").isEqualTo(200);
    }

    @Test
    void refreshTokenWhenItIsCopiedThenItGivesNothingAndStrikesNobody() {
        DpopClient client = signedIn();
        DpopClient thief = client();
        String body = "{\"refreshToken\":\"" + client.refreshToken() + "\"}";
        WORLD.clock().advance(World.GRACE.plusSeconds(1));
        assertThat(plain(thief, "/auth/refresh", body).statusCode()).isEqualTo(401);
        assertThat(thief.post("/auth/refresh", body).statusCode()).isEqualTo(401);
        assertThat(thief.send(thief.request(PATH)
                                .header("Latchkey-Refresh-Token", client.refreshToken())
                                .GET())
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> everywhere = thief.send(thief.request("/auth/sign-out?everywhere=true")
                .header("Latchkey-Refresh-Token", client.refreshToken())
                .POST(BodyPublishers.noBody()));
        assertThat(everywhere.statusCode()).isEqualTo(401);
        thief.send(thief.request("/auth/sign-out")
                .header("Latchkey-Refresh-Token", client.refreshToken())
                .POST(BodyPublishers.noBody()));
        HttpResponse<String> refreshed = client.refresh();
        assertThat(refreshed.statusCode()).isEqualTo(200);
        assertThat(refreshed.body()).contains("\"tokenType\":\"DPoP\"");
        assertThat(client.get(PATH).statusCode()).isEqualTo(200);
        assertAudited("missing", "other-key");
    }

    @Test
    void signOutWhenTheKeyIsNotProvenThenEachCountsOnce() {
        DpopClient client = signedIn();
        DpopClient thief = client();
        for (int time = 0; time < 3; time++) {
            thief.send(thief.request("/auth/sign-out")
                    .header("Latchkey-Refresh-Token", client.refreshToken())
                    .POST(BodyPublishers.noBody()));
        }
        WORLD.clock().advance(Duration.ofMinutes(1));
        await().untilAsserted(() -> assertThat(WORLD.audit().stream()
                        .filter(event -> event.name().equals("proof-refused"))
                        .map(event -> AuditFacts.of(event, "count")))
                .containsExactly("1", "2"));
    }

    @Test
    void accessTokenWhenItHasExpiredThenOneRequestRotatesByTheSameProof() {
        DpopClient client = signedIn();
        WORLD.expireAccessToken();
        String old = client.access();
        HttpResponse<String> answer = withBoth(client, "GET", PATH, true);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(client.access()).isNotEqualTo(old);
        assertThat(client.get(PATH).statusCode()).isEqualTo(200);
        HttpResponse<String> bearer = client.send(client.request(PATH)
                .header("Authorization", "Bearer " + client.access())
                .GET());
        assertThat(bearer.statusCode()).as("what a rotation made is bound").isEqualTo(401);
    }

    @Test
    void nonceWhenItGetsOldThenTheNextComesWithAnAnswer() {
        DpopClient client = signedIn();
        String first = client.nonce();
        assertThat(client.get(PATH).headers().firstValue("DPoP-Nonce")).isEmpty();
        WORLD.clock().advanceSeconds(60);
        client.refresh();
        assertThat(client.nonce()).isNotEqualTo(first);
        Map<String, Object> claims = client.withToken("GET", PATH);
        claims.put("nonce", first);
        assertThat(client.get(PATH, client.sign(claims)).statusCode())
                .as("in the minute after its own")
                .isEqualTo(200);
        WORLD.clock().advanceSeconds(60);
        client.refresh();
        claims.putAll(client.withToken("GET", PATH));
        claims.put("nonce", first);
        assertRefused(client.get(PATH, client.sign(claims)), "use_dpop_nonce");
    }

    @Test
    void sessionWhenItsClientAsksOtherEndpointsThenTheProofCounts() {
        DpopClient client = signedIn();
        assertThat(client.get("/auth/session").body()).contains("\"subject\":\"ada\"");
        assertThat(client.get("/auth/session", client.sign(client.withToken("POST", "/auth/session")))
                        .statusCode())
                .isEqualTo(401);
        assertAudited("other-request");
        withBoth(client, "POST", "/auth/sign-out", true);
        assertThat(WORLD.auditNames()).containsExactly("signed-in", "proof-refused", "session-revoked");
    }

    /** As after a rest, when its access token has expired, too: the second request signs it out. */
    @ParameterizedTest
    @ValueSource(ints = {0, 180})
    void signOutWhenANonceIsAskedForThenTheClientComesAgain(int rested) {
        DpopClient client = signedIn();
        WORLD.clock().advanceSeconds(rested);
        assertRefused(withBoth(client, "POST", "/auth/sign-out", rested > 0), "use_dpop_nonce");
        assertThat(WORLD.auditNames()).containsExactly("signed-in");

        assertThat(withBoth(client, "POST", "/auth/sign-out", true).statusCode())
                .isEqualTo(204);
        assertThat(WORLD.auditNames()).containsExactly("signed-in", "session-revoked");
    }

    @Test
    void sessionWhenItIsOnlyLookedAtThenANonceIsAskedForAsOnARoute() {
        DpopClient client = signedIn();
        WORLD.clock().advanceSeconds(180);
        String look = "/auth/session?touch=false&optional=true";
        assertRefused(withBoth(client, "GET", look, true), "use_dpop_nonce");
        assertThat(withBoth(client, "GET", look, true).body()).contains("\"signedIn\":true");
    }

    /** The proof is the refresh token's then. */
    @Test
    void nonceWhenTheAuthorizationIsOfAnotherSchemeThenItIsGivenAllTheSame() {
        DpopClient client = signedIn();
        WORLD.clock().advanceSeconds(180);
        HttpResponse<String> answer = client.send(client.request(PATH)
                .header("Authorization", "Basic YWRhOmFkYQ==")
                .header("Latchkey-Refresh-Token", client.refreshToken())
                .header("DPoP", client.sign(client.claims("GET", PATH)))
                .GET());
        assertRefused(answer, "use_dpop_nonce");
    }

    private static HttpResponse<String> withBoth(DpopClient client, String method, String path, boolean hasNonce) {
        Map<String, Object> claims = client.withToken(method, path);
        claims.remove(hasNonce ? "" : "nonce");
        return client.send(client.request(path)
                .header("Authorization", "DPoP " + client.access())
                .header("Latchkey-Refresh-Token", client.refreshToken())
                .header("DPoP", client.sign(claims))
                .method(method, BodyPublishers.noBody()));
    }

    /** On a public route the gateway knows nobody; a client may hold another server's token there. */
    @Test
    void publicRouteWhenTheTokenIsOursThenTheBackendSeesNeitherItNorTheProof() {
        DpopClient client = signedIn();
        client.get("/open/x");
        assertThat(lastGot("DPoP")).isFalse();
        assertThat(lastGot("Authorization")).isFalse();
        client.send(client.request("/open/x")
                .header("Authorization", "DPoP of-another-server")
                .header("DPoP", "another")
                .GET());
        assertThat(lastGot("DPoP")).isTrue();
        assertThat(lastGot("Authorization")).isTrue();
        client.send(client.request("/maybe/x").header("DPoP", "another").GET());
        assertThat(lastGot("DPoP")).isFalse();
    }

    /** RFC 9449 section 8.2: a client sends the newest nonce that it got from a server. */
    @Test
    void publicRouteWhenTheBackendChecksProofsThenTheNonceIsItsOwn() {
        DpopClient client = signedIn();
        WORLD.clock().advanceSeconds(60);
        HttpResponse<String> open = client.get("/open/nonce");
        assertThat(open.headers().allValues("DPoP-Nonce")).containsExactly("of-the-backend");
        assertThat(open.headers().firstValue("Cache-Control")).isEmpty();
        client.refresh();
        assertThat(client.get("/api/nonce").headers().allValues("DPoP-Nonce")).isEmpty();
        assertThat(client.get("/maybe/nonce").headers().allValues("DPoP-Nonce")).isEmpty();
    }

    @Test
    void guestRouteWhenTheProofIsRefusedThenTheClientIsNoGuest() {
        DpopClient client = signedIn();
        Map<String, Object> claims = client.withToken("GET", "/maybe/x");
        claims.remove("nonce");
        assertRefused(client.get("/maybe/x", client.sign(claims)), "use_dpop_nonce");
    }

    /** Nodes do not tell each other of proofs: a request that was copied on its way counts once on each. */
    @Test
    void proofWhenReplayedAtAnotherNodeThenItCountsOnceThereUntilItsNonceEnds() {
        DpopClient client = signedIn();
        try (Gateway other = WORLD.startNode(Map.of("latchkey.trusted-proxies", "127.0.0.0/8"))) {
            String proof = client.sign(client.withToken("GET", PATH));
            assertThat(client.get(PATH, proof).statusCode()).isEqualTo(200);
            HttpResponse<String> copied = copied(client, other, proof);
            assertThat(copied.statusCode()).isEqualTo(200);
            assertThat(copied.headers().firstValue("DPoP-Nonce")).isEmpty();
            assertRefused(copied(client, other, proof), "invalid_dpop_proof");
            assertRefused(client.get(PATH, proof), "invalid_dpop_proof");
            Map<String, Object> ahead = client.claims("POST", "/auth/token");
            ahead.put("iat", iat(ahead) + 60);
            String early = client.sign(ahead);
            assertThat(signIn(client.request("/auth/token"), early).statusCode())
                    .as("by a clock that is ahead")
                    .isEqualTo(200);
            WORLD.clock().advanceSeconds(120);
            assertThat(signIn(atProxy(other, "/auth/token"), early).body()).contains("use_dpop_nonce");
        }
    }

    private static HttpResponse<String> copied(DpopClient client, Gateway node, String proof) {
        return client.send(atProxy(node, PATH)
                .header("Authorization", "DPoP " + client.access())
                .header("DPoP", proof)
                .GET());
    }

    private static HttpResponse<String> signIn(HttpRequest.Builder request, String proof) {
        return client().send(request.header("DPoP", proof)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"ada\",\"password\":\"ada\"}")));
    }

    /** Under the address of the shared node, as nodes behind one proxy have. */
    private static HttpRequest.Builder atProxy(Gateway node, String path) {
        return new DpopClient(node.url(), WORLD.clock())
                .request(path)
                .header("X-Forwarded-Proto", "http")
                .header("X-Forwarded-Host", WORLD.url().substring("http://".length()));
    }

    private static void assertRefused(HttpResponse<String> answer, String error) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .contains("DPoP error=\"" + error + "\", algs=\"ES256\"");
        boolean asksForNonce = error.equals("use_dpop_nonce");
        if (asksForNonce) {
            assertThat(answer.headers().firstValue("DPoP-Nonce")).isPresent();
        }
    }

    private static void assertAudited(String... reasons) {
        assertThat(WORLD.audit().stream()
                        .filter(event -> event.name().equals("proof-refused"))
                        .map(DpopIT::reason))
                .containsExactlyInAnyOrder(
                        Stream.of(reasons).filter(reason -> !reason.isEmpty()).toArray(String[]::new));
        assertThat(WORLD.auditNames()).doesNotContain("session-revoked", "refresh-stale", "session-reused");
    }

    private static String reason(AuditEvent event) {
        return AuditFacts.of(event, "reason");
    }

    private static boolean lastGot(String field) {
        return WORLD.backend().last().headers().contains(field);
    }

    private static HttpResponse<String> plain(DpopClient client, String path, String body) {
        return client.send(
                client.request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private static DpopClient client() {
        return new DpopClient(WORLD.url(), WORLD.clock());
    }

    private static DpopClient signedIn() {
        DpopClient client = client();
        assertThat(client.signIn("ada").statusCode()).isEqualTo(200);
        return client;
    }
}
