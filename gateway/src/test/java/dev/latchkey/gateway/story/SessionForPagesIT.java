package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.page.ReturnPathTricks;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.util.UriUtils;

/** What a page learns of its session without touching it, and where it is sent to sign in and after a sign-out. */
final class SessionForPagesIT {

    private static final String LOOK = "/auth/session?touch=false";

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void sessionWhenSignedInThenSaysWhenItEndsAndWhatTimeItIs() {
        Browser browser = WORLD.signedIn("ada");
        Instant begun = WORLD.clock().instant();
        String body = browser.get("/auth/session").body();
        assertThat(body)
                .contains("\"signedIn\":true", "\"now\":\"" + begun + "\"")
                .contains("\"expiresAt\":\"" + begun.plus(World.ACCESS) + "\"")
                .contains("\"sessionExpiresAt\":\"" + begun.plus(World.ABSOLUTE) + "\"");
        Instant idleEnd = Instant.parse(body.replaceAll(".*\"idleExpiresAt\":\"([^\"]*)\".*", "$1"));
        assertThat(Duration.between(begun, idleEnd))
                .isBetween(Duration.ofDays(7).minusMinutes(1), Duration.ofDays(7));
    }

    @Test
    void lookWhenTheAccessTokenIsValidThenNoUseIsNoted() {
        Browser browser = WORLD.signedIn("ada");
        Map<String, String> before = WORLD.record(browser);
        HttpResponse<String> answer = browser.get(LOOK);
        assertThat(answer.body()).contains("\"subject\":\"ada\"", "\"sessionExpiresAt\"", "\"expiresAt\"");
        assertThat(WORLD.record(browser)).isEqualTo(before);
    }

    @Test
    void lookWhenOnlyTheRefreshTokenHoldsThenNothingIsRotatedOrProlonged() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        Map<String, String> before = WORLD.record(browser);
        HttpResponse<String> answer = browser.get(LOOK);
        assertThat(answer.body())
                .contains(
                        "\"signedIn\":true",
                        "\"subject\":\"ada\"",
                        "\"roles\":[\"customer\"",
                        "\"idleExpiresAt\"",
                        "\"deviceBound\":false")
                .doesNotContain("\"expiresAt\"");
        assertThat(Browser.cookiesOf(answer)).isEmpty();
        assertThat(WORLD.record(browser)).isEqualTo(before);
        assertThat(Browser.cookiesOf(browser.get("/auth/session"))).isNotEmpty();
    }

    /** A copy of an old token is told what anybody is told, and its owner goes on. */
    @Test
    void lookWhenTheRefreshTokenIsOldThenTellsNothingAndCountsNoTheft() {
        Browser owner = WORLD.signedIn("ada");
        Browser thief = owner.copy();
        for (int i = 0; i < 2; i++) {
            WORLD.expireAccessToken();
            assertThat(owner.get("/api/x").statusCode()).isEqualTo(200);
        }
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = thief.copy().get(LOOK);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("invalid-token").doesNotContain("\"ada\"");
            WORLD.clock().advance(World.GRACE.multipliedBy(2));
        }
        assertThat(WORLD.record(owner)).containsEntry("state", "active").doesNotContainKey("strike");
        assertThat(WORLD.auditNames()).doesNotContain("refresh-stale", "session-reused");
        assertThat(owner.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void lookWhenTheSessionHasEndedThenNobodyIsSignedIn() {
        Browser browser = WORLD.signedIn("ada");
        Browser copy = browser.copy();
        browser.post("/auth/sign-out");
        copy.awaitRefused(LOOK);
        HttpResponse<String> answer = copy.get(LOOK + "&optional=true");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"signedIn\":false", "\"signIn\":\"/auth/sign-in\"");
    }

    @Test
    void sessionWhenRedisIsAwayThenNobodyIsCalledSignedOut() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.redis().kill();
        HttpResponse<String> byAccess = browser.get(LOOK);
        assertThat(byAccess.statusCode()).isIn(200, 503);
        assertThat(byAccess.body()).doesNotContain("sessionExpiresAt");
        WORLD.expireAccessToken();
        assertThat(browser.get(LOOK + "&optional=true").statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"touch=no", "touch=", "touch", "optional=1", "touch=true&touch=false"})
    void sessionWhenAFlagIsUnclearThenMalformed(String query) {
        HttpResponse<String> answer = WORLD.browser().get("/auth/session?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("touch and optional are true or false");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://shop.example/orders?page=2,   /auth/sign-in?return=%2Forders%3Fpage%3D2
            https://shop.example/,                /auth/sign-in?return=%2F
            https://shop.example//evil.example/,  /auth/sign-in
            https://shop.example.evil.example/x,  /auth/sign-in
            https://shop.example@evil.example/x,  /auth/sign-in
            https://shop.example/auth/sign-in,    /auth/sign-in
            https://evil.example/x,               /auth/sign-in
            https://shop.example/a\\b,            /auth/sign-in
            not a uri,                            /auth/sign-in
            """)
    void refusalWhenAPageAsksThenNamesTheSignInThatLeadsBackToThePage(String referer, String signIn) {
        for (String path : new String[] {"/api/x", "/auth/session"}) {
            Browser browser = WORLD.browser();
            HttpResponse<String> answer = browser.send(browser.request(path).header("Referer", referer));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("\"signIn\":\"" + signIn + "\"}");
        }
    }

    @Test
    void signOutWhenAReturnIsNamedThenAFormLeadsThere() {
        assertThat(signedOutTo("%2Fgoodbye%3Ffrom%3Dorders")).isEqualTo("/goodbye?from=orders");
    }

    @Test
    void signOutWhenTheReturnIsATrickThenLeadsToTheStartPage() throws IOException {
        assertThat(ReturnPathTricks.all().toList())
                .isNotEmpty()
                .allSatisfy(trick -> assertThat(signedOutTo(UriUtils.encode(trick, StandardCharsets.UTF_8)))
                        .isEqualTo("/"));
    }

    private static String signedOutTo(String encoded) {
        Browser browser = WORLD.browser();
        HttpResponse<String> answer = browser.send(browser.request("/auth/sign-out?return=" + encoded)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("")));
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }
}
