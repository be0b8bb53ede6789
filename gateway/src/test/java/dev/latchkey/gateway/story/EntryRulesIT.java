package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each cell of the entry-rule table, over HTTP, with the backend as witness. */
final class EntryRulesIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @ParameterizedTest(name = "{0} with {1}: {2}, backend sees {3}")
    @CsvSource({
        "open,  none,            200, nobody",
        "open,  valid,           200, nobody",
        "open,  expired,         200, nobody",
        "open,  expired-alone,   200, nobody",
        "open,  garbage,         200, nobody",
        "open,  denied,          200, nobody",
        "open,  signed-out,      200, nobody",
        "maybe, none,            200, nobody",
        "maybe, valid,           200, ada",
        "maybe, expired,         200, ada",
        "maybe, refresh-alone,   200, ada",
        "maybe, denied,          200, ada",
        "maybe, denied-alone,    200, nobody",
        "maybe, expired-alone,   200, nobody",
        "maybe, garbage,         200, nobody",
        "maybe, signed-out,      200, nobody",
        "api,   none,            401, nothing",
        "api,   valid,           200, ada",
        "api,   expired,         200, ada",
        "api,   refresh-alone,   200, ada",
        "api,   denied,          200, ada",
        "api,   denied-alone,    401, nothing",
        "api,   garbage-and-refresh, 200, ada",
        "api,   expired-alone,   401, nothing",
        "api,   garbage,         401, nothing",
        "api,   signed-out,      401, nothing",
        "admin, valid,           403, nothing",
        "admin, expired,         403, nothing",
        "admin, none,            401, nothing",
    })
    void requestWhenItMeetsTheRuleThen(String route, String credentials, int status, String seen) {
        Browser browser = prepared(credentials);
        WORLD.backend().forget();
        HttpResponse<String> answer = browser.get("/" + route + "/x");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertSeen(seen);
    }

    @ParameterizedTest(name = "{0} with bearer {1}: {2}, backend sees {3}")
    @CsvSource({
        "maybe, valid,               200, ada",
        "maybe, expired,             200, nobody",
        "maybe, expired-and-refresh, 200, ada",
        "maybe, garbage,             200, nobody",
        "maybe, garbage-and-refresh, 200, nobody",
        "api,   valid,               200, ada",
        "api,   expired,             401, nothing",
        "api,   expired-and-refresh, 200, ada",
        "api,   garbage,             401, nothing",
        "api,   garbage-and-refresh, 401, nothing",
        "api,   denied,              401, nothing",
        "api,   denied-and-refresh,  200, ada",
        "admin, valid,               403, nothing",
    })
    void bearerWhenItMeetsTheRuleThen(String route, String credentials, int status, String seen) {
        Browser browser = prepared(credentials.replaceFirst("-and-.*", ""));
        String refresh =
                browser.jar().getOrDefault("latchkey-refresh-0", browser.jar().get("latchkey-refresh-1"));
        WORLD.backend().forget();
        HttpRequest.Builder request = browser.bare("/" + route + "/x")
                .header("Authorization", "Bearer " + browser.jar().get("latchkey-access"));
        if (credentials.endsWith("-and-refresh")) {
            request.header("Latchkey-Refresh-Token", String.valueOf(refresh));
        }
        HttpResponse<String> answer = browser.send(request.GET());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Browser.cookiesOf(answer)).isEmpty();
        assertSeen(seen);
    }

    @Test
    void bearerWhenCookiesComeAlongThenItIsJudgedAlone() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.backend().forget();
        HttpRequest.Builder wrong = browser.request("/api/x")
                .header("Authorization", "Bearer garbage")
                .GET();
        assertThat(browser.send(wrong).statusCode()).isEqualTo(401);
        Browser other = WORLD.signedIn("bob");
        browser.send(browser.request("/api/x")
                .header("Authorization", "Bearer " + other.jar().get("latchkey-access"))
                .GET());
        assertSeen("bob");
        WORLD.expireAccessToken();
        HttpRequest.Builder old = browser.request("/api/x")
                .header("Authorization", "Bearer " + other.jar().get("latchkey-access"))
                .GET();
        assertThat(browser.send(old).statusCode())
                .as("the cookies would have been renewed")
                .isEqualTo(401);
    }

    @ParameterizedTest(name = "{0} while Redis is away, with {1}: {2}")
    @CsvSource({
        "open,  none,    200",
        "open,  valid,   200",
        "open,  expired, 200",
        "maybe, none,    200",
        "maybe, valid,   503",
        "maybe, expired, 503",
        "api,   none,    401",
        "api,   valid,   503",
        "api,   expired, 503",
        "api,   garbage, 401",
    })
    void requestWhenRedisIsAwayThen(String route, String credentials, int status) {
        Browser browser = prepared(credentials);
        WORLD.redis().kill();
        awaitStale();
        HttpResponse<String> answer = browser.get("/" + route + "/x");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Browser.cookiesOf(answer)).isEmpty();
        assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
    }

    @Test
    void adminRouteWhenTheCallerHasTheRoleThenEnters() {
        Browser browser = WORLD.signedIn("root");
        assertThat(browser.get("/admin/x").statusCode()).isEqualTo(200);
    }

    @Test
    void publicRouteWhenAuthorizationIsForeignThenKeptAndOursIsNot() {
        Browser browser = WORLD.signedIn("ada");
        String ours = browser.jar().get("latchkey-access");
        browser.send(
                browser.bare("/open/x").header("Authorization", "Bearer theirs").GET());
        assertThat(WORLD.backend().last().bearer()).isEqualTo("theirs");
        browser.send(
                browser.bare("/open/x").header("Authorization", "Basic YTpi").GET());
        assertThat(WORLD.backend().last().headers().get("Authorization")).isEqualTo("Basic YTpi");
        browser.send(browser.bare("/open/x")
                .header("Authorization", "Bearer " + ours)
                .GET());
        assertThat(WORLD.backend().last().headers().contains("Authorization")).isFalse();
        WORLD.expireAccessToken();
        browser.send(browser.bare("/open/x")
                .header("Authorization", "Bearer " + ours)
                .GET());
        assertThat(WORLD.backend().last().headers().contains("Authorization")).isFalse();
    }

    @Test
    void optionalRouteWhenTheTokenIsRefusedThenNoAuthorizationArrives() {
        Browser browser = WORLD.browser();
        browser.send(browser.bare("/maybe/x")
                .header("Authorization", "Bearer theirs")
                .GET());
        assertThat(WORLD.backend().last().headers().contains("Authorization")).isFalse();
    }

    @Test
    void navigationWhenSignedOutThenSentToSignInAndBack() {
        Browser browser = WORLD.browser();
        HttpRequest.Builder navigation = browser.bare("/api/x?a=b&c=%2F")
                .header("Sec-Fetch-Mode", "navigate")
                .GET();
        HttpResponse<String> answer = browser.send(navigation);
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location"))
                .contains("/auth/sign-in?return=%2Fapi%2Fx%3Fa%3Db%26c%3D%252F");
        HttpRequest.Builder old =
                browser.bare("/api/x").header("Accept", "text/html,*/*").GET();
        assertThat(browser.send(old).statusCode()).isEqualTo(302);
        HttpRequest.Builder fetch = browser.bare("/api/x")
                .header("Sec-Fetch-Mode", "cors")
                .header("Accept", "text/html")
                .GET();
        assertThat(browser.send(fetch).statusCode()).isEqualTo(401);
    }

    @Test
    void headerClientWhenItsTokenHasExpiredThenGetsTheNewPairInHeaders() {
        Browser browser = WORLD.signedIn("ada");
        String access = browser.jar().get("latchkey-access");
        String refresh = browser.jar().get("latchkey-refresh-1");
        WORLD.expireAccessToken();
        HttpResponse<String> answer = browser.send(browser.bare("/api/x")
                .header("Authorization", "Bearer " + access)
                .header("Latchkey-Refresh-Token", refresh)
                .GET());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).isEmpty();
        assertThat(answer.headers().firstValue("Latchkey-Access-Token")).isPresent();
        assertThat(answer.headers().firstValue("Latchkey-Refresh-Token")).isPresent();
        assertThat(WORLD.backend().last().headers().contains("Latchkey-Refresh-Token"))
                .isFalse();
    }

    private static Browser prepared(String credentials) {
        Browser browser = credentials.equals("none") ? WORLD.browser() : WORLD.signedIn("ada");
        var jar = browser.jar();
        if (credentials.startsWith("expired")) {
            WORLD.expireAccessToken();
        }
        if (credentials.startsWith("denied")) {
            jar = withDeniedAccess(browser);
        }
        if (credentials.endsWith("-alone") && !credentials.startsWith("refresh")) {
            jar.keySet().removeIf(cookie -> cookie.contains("refresh"));
        }
        if (credentials.startsWith("refresh")) {
            jar.remove("latchkey-access");
        }
        if (credentials.startsWith("garbage")) {
            jar.put("latchkey-access", "garbage");
        }
        if (credentials.equals("garbage")) {
            jar.keySet().removeIf(cookie -> cookie.contains("refresh"));
        }
        if (credentials.equals("signed-out")) {
            browser.copy().post("/auth/sign-out");
        }
        browser.putBack(jar);
        return browser;
    }

    /**
     * The access token of a generation that has been rotated away, not expired yet, beside the newest refresh token.
     */
    private static Map<String, String> withDeniedAccess(Browser browser) {
        String access = browser.jar().get("latchkey-access");
        WORLD.clock().advance(World.GRACE);
        assertThat(browser.post("/auth/refresh").statusCode()).isEqualTo(200);
        WORLD.clock().advance(World.GRACE);
        Map<String, String> jar = browser.jar();
        jar.put("latchkey-access", access);
        awaitDenied(browser, access);
        return jar;
    }

    /** The node hears of its own rotation on the channel, as every other does. */
    private static void awaitDenied(Browser browser, String access) {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            HttpRequest.Builder request = browser.bare("/api/x")
                    .header("Authorization", "Bearer " + access)
                    .GET();
            return browser.send(request).statusCode() == 401;
        });
    }

    /** A node goes by its local copy until the driver has reported that the connection is lost. */
    private static void awaitStale() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !WORLD.gateway().bean(LocalDenylistReport.class).isFresh());
    }

    private static void assertSeen(String seen) {
        if (seen.equals("nothing")) {
            assertThat(WORLD.backend().received()).isEmpty();
            return;
        }
        var request = WORLD.backend().last();
        assertThat(String.valueOf(request.headers().get("Cookie"))).doesNotContain("latchkey");
        if (seen.equals("nobody")) {
            assertThat(request.headers().contains("Authorization")).isFalse();
        } else {
            assertThat(WORLD.identityOf(request).getSubject()).isEqualTo(seen);
        }
    }
}
