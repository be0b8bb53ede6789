package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.proof.TestProofs;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.CookieJar;
import dev.latchkey.gateway.testing.DeviceBrowser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions that are bound to the key of their browser, on two nodes: what a copy of the cookies opens, and what not.
 */
final class DeviceBindingIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.device-binding", "when-offered"));

    private static final String TYPE = "dbsc+jwt";
    private static final List<String> ALL = List.of(DeviceBrowser.ACCESS, "latchkey-refresh-0", "latchkey-refresh-1");

    private static Gateway other;

    @BeforeAll
    static void startOther() {
        other = WORLD.startFreshNode(Map.of());
    }

    @AfterAll
    static void closeOther() {
        other.close();
    }

    @Test
    void registrationWhenOfferedThenBoundAndToldWhatToRenew() {
        DeviceBrowser device = DeviceBrowser.signedIn(WORLD.browser(), "ada");

        HttpResponse<String> answer = device.register();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"refresh_url\":\"/auth/device/refresh\"")
                .contains("\"scope\":{\"origin\":\"https://shop.example\",\"include_site\":false")
                .contains("\"name\":\"latchkey-access\"")
                .contains("\"attributes\":\"Path=/; HttpOnly; SameSite=Lax\"");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(Browser.cookiesOf(answer)).containsExactlyElementsOf(ALL);
        assertThat(device.browser().jar()).containsOnlyKeys(DeviceBrowser.ACCESS, "latchkey-refresh-0");
        assertThat(answer.headers().allValues("Set-Cookie"))
                .anyMatch(line -> line.startsWith("latchkey-access") && line.contains("; Max-Age=25;"));
        assertThat(device.id()).isNotEmpty();
        assertThat(WORLD.record(device.browser())).containsEntry("format", "2").containsEntry("gen", "2");
        assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(device.browser().get("/auth/session").body()).contains("\"deviceBound\":true");
        assertThat(WORLD.auditNames()).contains("session-bound");
    }

    /** The challenge is sent ahead: one request and one signature a renewal. */
    @Test
    void renewalWhenItIsTimeThenOneSignatureOnAnyNode() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        for (int generation = 3; generation < 7; generation++) {
            WORLD.expireAccessToken();
            device.dropAccess();
            DeviceBrowser there = generation % 2 == 0 ? device : device.at(other.url());

            HttpResponse<String> answer =
                    there.learn(there.browser().send(there.renewal(there.proof(there.challenge()))));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(WORLD.generationOf(there.browser())).isEqualTo(generation);
            assertThat(there.browser().get("/api/x").statusCode()).isEqualTo(200);
            device = there.at(WORLD.url());
        }
    }

    @Test
    void renewalWhenItHasNoChallengeThenItGetsOneAndSignsThat() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        WORLD.expireAccessToken();

        HttpResponse<String> asked = device.learn(device.browser().send(device.renewal(null)));

        assertThat(asked.statusCode()).isEqualTo(403);
        assertThat(Browser.cookiesOf(asked)).isEmpty();
        assertThat(device.renew().statusCode()).isEqualTo(200);
        assertThat(WORLD.auditNames()).as("that is how it goes").doesNotContain("proof-missing");
    }

    /** Its answer was lost: by the same proof within the grace, and by a new one later. */
    @Test
    void renewalWhenSentAgainThenGrantedAgain() {
        DeviceBrowser device = DeviceBrowser.bound(WORLD.browser(), "ada");
        WORLD.expireAccessToken();
        String proof = device.proof(device.challenge());

        assertThat(device.browser().sendOnly(device.renewal(proof)).statusCode())
                .isEqualTo(200);
        assertThat(device.browser().sendOnly(device.renewal(proof)).statusCode())
                .isEqualTo(200);
        WORLD.clock().advance(World.GRACE);
        assertThat(device.browser().sendOnly(device.renewal(proof)).statusCode())
                .isEqualTo(403);
        assertThat(device.renew().statusCode()).isEqualTo(200);

        assertThat(WORLD.generationOf(device.browser())).isEqualTo(4);
        assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    /** Its browser has no key of a session then, and goes on as if nothing had been asked. */
    @Test
    void registrationWhenItsAnswerIsLostThenTheSessionGoesOnUnbound() {
        DeviceBrowser device = DeviceBrowser.signedIn(WORLD.browser(), "ada");
        device.browser().sendOnly(device.registration(device.proofWithKey(device.offered())));
        WORLD.expireAccessToken();

        assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);

        assertThat(WORLD.auditNames()).contains("session-released");
        WORLD.expireAccessToken();
        assertThat(device.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.record(device.browser())).doesNotContainKey("key");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jarWhenCopiedThenItOpensNothingAndItsOwnerGoesOn(boolean hasAccess) {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        owner.browser().get("/api/x");
        WORLD.awaitConfirmed(owner.browser(), 2);
        WORLD.expireAccessToken();
        if (!hasAccess) {
            owner.dropAccess();
        }
        Map<String, String> before = record(owner);
        for (String node : List.of(WORLD.url(), other.url())) {
            Browser thief = owner.browser().at(node);
            HttpResponse<String> answer = thief.sendOnly(thief.request("/api/x").GET());
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("urn:latchkey:problem:proof-missing");
            assertThat(answer.headers().firstValue("Secure-Session-Challenge"))
                    .hasValueSatisfying(value -> assertThat(value).contains(";id=\"" + owner.id() + "\""));
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
            assertThat(Browser.cookiesOf(answer)).isEmpty();
            assertOpensNothing(node, thief);
        }
        assertThat(WORLD.audit().stream()
                        .filter(event -> event.name().equals("proof-missing"))
                        .count())
                .as("one a minute of each node")
                .isEqualTo(2);

        assertThat(record(owner)).isEqualTo(before);
        owner.dropAccess();
        assertThat(owner.renew().statusCode()).isEqualTo(200);
        assertThat(owner.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    private static void assertOpensNothing(String node, Browser thief) {
        assertThat(thief.navigate("/api/x").headers().firstValue("Location"))
                .hasValueSatisfying(place -> assertThat(place).startsWith("/auth/sign-in"));
        assertThat(thief.post("/auth/refresh").statusCode()).isEqualTo(401);
        assertThat(thief.get("/auth/session").statusCode()).isEqualTo(401);
        assertThat(thief.get("/auth/session?touch=false").statusCode()).isEqualTo(401);
        assertThat(thief.get("/auth/sessions").statusCode()).isEqualTo(401);
        assertThat(thief.get("/maybe/x").statusCode()).as("as nobody").isEqualTo(200);
        assertThat(bearing(thief).statusCode()).as("in headers").isEqualTo(401);
        assertThat(thief.sendOnly(thief.request("/api/x")
                                .header("Accept", "text/event-stream")
                                .GET())
                        .statusCode())
                .isEqualTo(401);
        assertThat(socket(node, thief)).as("a WebSocket").isEqualTo(401);
    }

    /** The cookies of a browser, as a program would send them. */
    private static HttpResponse<String> bearing(Browser thief) {
        Map<String, String> jar = thief.jar();
        return thief.sendOnly(thief.bare("/api/x")
                .header("Latchkey-Refresh-Token", String.valueOf(jar.get("latchkey-refresh-0")))
                .GET());
    }

    private static int socket(String node, Browser thief) {
        int port = URI.create(node).getPort();
        return RawConnection.firstStatus(
                port,
                "GET /api/x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                        + "Origin: https://shop.example\r\nCookie: " + thief.cookies() + "\r\n\r\n");
    }

    /** Each old token is as good as the newest: as good as nothing. */
    @Test
    void jarWhenAllOldTokensComeAgainAndAgainThenNothingIsStruckOrRevoked() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        Browser first = owner.browser().copy();
        for (int round = 0; round < 3; round++) {
            WORLD.expireAccessToken();
            owner.dropAccess();
            assertThat(owner.renew().statusCode()).isEqualTo(200);
            owner.browser().get("/api/x");
        }
        for (int round = 0; round < 4; round++) {
            WORLD.clock().advance(World.GRACE.multipliedBy(3));
            assertThat(first.sendOnly(first.request("/api/x").GET()).statusCode())
                    .isEqualTo(401);
        }
        owner.dropAccess();
        assertThat(owner.renew().statusCode()).isEqualTo(200);
        assertThat(owner.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.auditNames()).doesNotContain("refresh-stale", "session-reused", "session-revoked");
    }

    @Test
    void jarWhenCopiedThenItEndsNothing() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        owner.browser().get("/api/x");
        WORLD.awaitConfirmed(owner.browser(), 2);
        WORLD.expireAccessToken();
        Map<String, String> before = record(owner);

        assertThat(owner.browser().copy().post("/auth/sign-out").statusCode()).isEqualTo(204);
        assertThat(owner.browser().copy().signIn("bob", "bob").statusCode()).isEqualTo(200);
        Browser everywhere = owner.browser().copy();
        assertThat(everywhere.post("/auth/sign-out?everywhere=true").statusCode())
                .isEqualTo(401);
        assertThat(owner.browser()
                        .copy()
                        .send(owner.browser()
                                .request("/auth/sessions/" + owner.id())
                                .DELETE())
                        .statusCode())
                .isEqualTo(401);

        assertThat(record(owner)).isEqualTo(before);
        assertThat(WORLD.auditNames()).doesNotContain("session-revoked", "user-revoked");
        owner.dropAccess();
        assertThat(owner.renew().statusCode()).isEqualTo(200);
        assertThat(owner.browser().post("/auth/sign-out").statusCode()).isEqualTo(204);
        assertThat(WORLD.auditNames()).contains("session-revoked");
    }

    @Test
    void registrationWhenNotByTheSignInsOwnChallengeThenNotBound() {
        DeviceBrowser victim = DeviceBrowser.signedIn(WORLD.browser(), "ada");
        DeviceBrowser thief = DeviceBrowser.signedIn(WORLD.browser(), "bob");
        thief.browser().putBack(victim.browser().jar());

        assertThat(thief.register().statusCode())
                .as("another session's challenge")
                .isEqualTo(403);
        assertThat(register(victim, victim.proof(victim.offered())))
                .as("no key")
                .isEqualTo(403);
        assertThat(register(victim, victim.proofWithKey("made up"))).isEqualTo(403);
        assertThat(register(victim, "no proof")).isEqualTo(403);
        assertThat(register(victim, victim.proofAs("JWT", "ES256", victim.offered())))
                .isEqualTo(403);
        for (String algorithm : List.of("none", "HS256", "RS256")) {
            assertThat(register(victim, victim.proofAs(TYPE, algorithm, victim.offered())))
                    .as(algorithm)
                    .isEqualTo(403);
        }
        Map<String, Object> foreign = TestProofs.header(TYPE);
        foreign.put("jwk", thief.key().jwk());
        assertThat(register(victim, victim.key().sign(foreign, Map.of("jti", victim.offered()))))
                .as("another's key")
                .isEqualTo(403);
        Map<String, Object> huge = victim.key().headerWithKey(TYPE);
        huge.put("x5c", "A".repeat(5000));
        assertThat(register(victim, victim.key().sign(huge, Map.of("jti", victim.offered()))))
                .isEqualTo(403);
        assertThat(WORLD.record(victim.browser())).doesNotContainKey("key");
        assertThat(refusedProofs()).containsExactlyInAnyOrder("other-challenge", "malformed", "forged");

        assertThat(victim.register().statusCode()).isEqualTo(200);
    }

    private static List<String> refusedProofs() {
        return AuditFacts.all(WORLD.audit(), "proof-refused", "reason");
    }

    private static int register(DeviceBrowser device, String proof) {
        return device.browser().sendOnly(device.registration(proof)).statusCode();
    }

    @Test
    void registrationWhenBoundOrLateThenTheKeyStays() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        DeviceBrowser late = DeviceBrowser.signedIn(WORLD.browser(), "bob");
        String key = record(owner).get("key");
        DeviceBrowser thief = DeviceBrowser.signedIn(WORLD.browser(), "root");
        thief.browser().putBack(owner.browser().jar());

        assertThat(register(thief, thief.proofWithKey(owner.offered()))).isEqualTo(403);
        assertThat(record(owner)).containsEntry("key", key);

        WORLD.clock().advance(Duration.ofMinutes(2));
        assertThat(late.register().statusCode()).isEqualTo(403);
        assertThat(refusedProofs()).containsExactly("not-now", "not-now");
        assertThat(late.browser().get("/api/x").statusCode())
                .as("unbound, as before")
                .isEqualTo(200);
    }

    @Test
    void renewalWhenTheProofIsNoneThenAChallengeAndNothingElse() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        DeviceBrowser stranger = DeviceBrowser.bound(WORLD.browser(), "bob");
        String first = owner.challenge();
        WORLD.expireAccessToken();
        owner.renew();
        WORLD.expireAccessToken();
        Map<String, String> before = record(owner);
        String good = owner.proof(owner.challenge());

        refuses(owner, stranger.proof(owner.challenge()), "another key");
        refuses(owner, owner.proof(stranger.challenge()), "another session's challenge");
        refuses(owner, owner.proof(first), "a challenge that was used up");
        refuses(owner, owner.proof(owner.offered()), "the sign-in's challenge");
        refuses(owner, owner.proofWithKey(owner.challenge()), "the key once more");
        refuses(owner, stranger.proofWithKey(owner.challenge()), "another key, sent along");
        for (String algorithm : List.of("none", "HS256", "RS256")) {
            refuses(owner, owner.bareProofAs(TYPE, algorithm, owner.challenge()), algorithm);
        }
        refuses(owner, owner.bareProofAs("dpop+jwt", "ES256", owner.challenge()), "another type");
        refuses(owner, good.substring(0, good.length() - 4) + "AAAA", "another signature");
        refuses(owner, good.substring(0, good.lastIndexOf('.') + 1), "no signature");
        refuses(owner, "", "nothing");
        refuses(owner, "x".repeat(10_000), "much");
        assertThat(record(owner)).isEqualTo(before);
        assertThat(WORLD.auditNames()).doesNotContain("session-revoked", "refresh-stale");
        assertThat(refusedProofs()).containsExactlyInAnyOrder("forged", "malformed");

        assertThat(owner.browser().send(owner.renewal(good)).statusCode()).isEqualTo(200);
    }

    private static void refuses(DeviceBrowser owner, String proof, String why) {
        HttpResponse<String> answer = owner.browser().sendOnly(owner.renewal(proof));
        assertThat(answer.statusCode()).as(why).isEqualTo(403);
        assertThat(answer.headers().firstValue("Secure-Session-Challenge"))
                .as(why)
                .isPresent();
        assertThat(Browser.cookiesOf(answer)).as(why).isEmpty();
    }

    @Test
    void challengeWhenOldThenANewOneIsSigned() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        String old = owner.challenge();
        WORLD.clock().advance(Duration.ofMinutes(8));

        refuses(owner, owner.proof(old), "made eight minutes ago");
        assertThat(owner.renew().statusCode()).isEqualTo(200);
    }

    @Test
    void keysWhenRolledOverThenChallengesOfBothAreGood() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        KeyDirectory.create(WORLD.folder().resolve("keys"), IdentityAlgorithm.DEFAULT, WORLD.clock());
        try (Gateway later = WORLD.startFreshNode(Map.of())) {
            String old = owner.proof(owner.challenge());
            WORLD.clock().advance(KeyDirectory.ACTIVATION_DELAY.plusSeconds(1));
            DeviceBrowser there = owner.at(later.url());
            there.learn(owner.browser().sendOnly(owner.renewal(null)));
            assertThat(there.browser().send(there.renewal(old)).statusCode())
                    .as("ended")
                    .isEqualTo(403);

            assertThat(there.learn(there.browser().send(there.renewal(there.proof(there.challenge()))))
                            .statusCode())
                    .as("made with the old key, on the node that knows no other yet")
                    .isEqualTo(200);
            WORLD.expireAccessToken();
            try (Gateway last = WORLD.startFreshNode(Map.of())) {
                DeviceBrowser back = there.at(last.url());
                assertThat(back.browser()
                                .send(back.renewal(back.proof(back.challenge())))
                                .statusCode())
                        .as("made with the new key")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void sessionWhenOverThenTheBrowserIsToldToForgetIt() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        Map<String, String> jar = owner.browser().jar();
        assertThat(owner.browser().post("/auth/sign-out").statusCode()).isEqualTo(204);

        assertOver(owner);
        owner.browser().putBack(jar);
        assertOver(owner);

        DeviceBrowser newer = DeviceBrowser.bound(WORLD.browser(), "ada");
        owner.browser().putBack(newer.browser().jar());
        assertOver(owner);
        assertThat(newer.renew().statusCode()).isEqualTo(200);

        Browser unbound = WORLD.signedIn("bob");
        owner.browser().putBack(unbound.jar());
        assertOver(owner);
    }

    private static void assertOver(DeviceBrowser owner) {
        HttpResponse<String> answer = owner.browser().sendOnly(owner.renewal(owner.proof(owner.challenge())));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"continue\":false}");
        assertThat(Browser.cookiesOf(answer)).isEmpty();
    }

    @Test
    void renewalWhenRedisIsAwayThen503AndItGoesOnLater() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        DeviceBrowser newcomer = DeviceBrowser.signedIn(WORLD.browser(), "bob");
        byte[] bound = WORLD.dump(owner.browser());
        WORLD.expireAccessToken();
        WORLD.redis().kill();
        String proof = owner.proof(owner.challenge());
        assertThat(owner.browser().sendOnly(owner.renewal(proof)).statusCode()).isEqualTo(503);
        assertThat(owner.browser().sendOnly(owner.renewal(null)).statusCode()).isEqualTo(503);
        assertThat(register(newcomer, newcomer.proofWithKey(newcomer.offered())))
                .isEqualTo(503);
        WORLD.redis().restart();
        WORLD.restore(owner.browser(), bound);

        await().atMost(Duration.ofSeconds(20)).until(() -> owner.renew().statusCode() == 200);
    }

    /** A hint that anybody can send: where the gateway had trouble, nobody is to sign in. */
    @Test
    void requestWhenItSaysThatItSkippedARenewalThenItOpensNothing() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        owner.browser().get("/api/x");
        WORLD.awaitConfirmed(owner.browser(), 2);
        WORLD.expireAccessToken();
        for (String reason : List.of("unreachable", "server_error", "quota_exceeded")) {
            Browser thief = owner.browser().copy();
            HttpResponse<String> answer = thief.send(thief.request("/api/x")
                    .header("Secure-Session-Skipped", reason + ";session_identifier=\"" + owner.id() + "\"")
                    .GET());
            assertThat(answer.statusCode()).isEqualTo(503);
        }
    }

    @Test
    void requestWhenOfAnotherSiteThenRefused() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        String proof = owner.proof(owner.challenge());

        assertThat(owner.browser()
                        .sendOnly(owner.renewal(proof).header("Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(owner.browser()
                        .sendOnly(owner.registration(proof).header("Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(WORLD.generationOf(owner.browser())).isEqualTo(2);
    }

    /** It signs another's key out of nothing: what it had is ended, and what it gets is bound anew. */
    @Test
    void signInWhenOverABoundSessionThenAnotherThatIsOfferedAgain() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        Browser before = owner.browser().copy();

        HttpResponse<String> answer = owner.browser().signIn("ada", "ada");

        assertThat(DeviceBrowser.offer(answer)).isPresent();
        assertThat(before.get("/api/x").statusCode())
                .as("it had an access token")
                .isEqualTo(401);
        assertThat(CookieJar.set(answer)).hasSize(3);
        assertThat(WORLD.record(owner.browser())).doesNotContainKey("key");
    }

    private static Map<String, String> record(DeviceBrowser device) {
        return WORLD.record(device.named());
    }
}
