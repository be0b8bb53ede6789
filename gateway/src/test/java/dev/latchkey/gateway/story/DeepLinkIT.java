package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.util.HtmlUtils;

/** A long link is followed while signed out, and leads there after signing in. */
final class DeepLinkIT {

    private static final Pattern RETURN = Pattern.compile("name=\"return\" value=\"([^\"]*)\"");
    private static final Pattern LOCATION = Pattern.compile("(?im)^location: (\\S+)");
    private static final Pattern COOKIE = Pattern.compile("(?im)^set-cookie: ([^=]+)=([^;]+)");
    private static final String LOST = "could not be remembered";

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.trusted-proxies", "127.0.0.0/8",
            "latchkey.sign-in.return-paths-in-all", "40KB"));

    @ParameterizedTest
    @ValueSource(ints = {100, 1024, 1920, 4096, 8192})
    void linkWhenFollowedSignedOutThenItComesBackExactly(int length) {
        String link = link(length);
        Browser browser = WORLD.browser();
        HttpResponse<String> redirect = navigate(browser, link);
        assertThat(redirect.statusCode()).isEqualTo(302);
        String page = locationOf(redirect);
        assertThat(page).startsWith("/auth/sign-in?").hasSizeLessThan(1100);
        String form = browser.get(page).body();
        assertThat(form).doesNotContain(LOST);
        assertThat(browser.get(page).body()).as("loaded again").isEqualTo(form);
        HttpResponse<String> wrong = submit(browser, returnOf(form), "no");
        assertThat(wrong.statusCode()).isEqualTo(401);
        HttpResponse<String> answer = submit(browser, returnOf(wrong.body()), "ada");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(locationOf(answer)).isEqualTo(link);
        assertThat(locationOf(browser.get(page))).as("signed in already").isEqualTo(link);
        browser.get(link);
        assertThat(WORLD.backend().last().headers().get("Cookie"))
                .as("the backend sees nothing of it")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2000})
    void linkWhenItIsNoUriThenItComesBackAsTheBrowserSentIt(int more) {
        String link = "/api/board?q=a|b{c}^d`e\\f%7Cg%5C&n=" + "x".repeat(more);
        String redirect = RawConnection.exchange(WORLD.port(), RawConnection.get(link, "Sec-Fetch-Mode: navigate\r\n"));
        Browser browser = WORLD.browser();
        Matcher cookie = COOKIE.matcher(redirect);
        if (cookie.find()) {
            browser.putBack(Map.of(cookie.group(1), cookie.group(2)));
        }
        Matcher page = LOCATION.matcher(redirect);
        assertThat(page.find()).as(redirect).isTrue();
        String form = browser.get(page.group(1)).body();
        assertThat(locationOf(submit(browser, returnOf(form), "ada"))).isEqualTo(link);
    }

    @Test
    void tabsWhenEachFollowsItsOwnLinkThenEachComesBackToIt() {
        Browser browser = WORLD.browser();
        String one = link(2000);
        String other = link(2001);
        String pageOfOne = locationOf(navigate(browser, one));
        String pageOfOther = locationOf(navigate(browser, other));
        assertThat(returnOf(browser.get(pageOfOne).body())).isEqualTo(one);
        assertThat(returnOf(browser.get(pageOfOther).body())).isEqualTo(other);
        assertThat(returnOf(WORLD.browser().get(pageOfOne).body()))
                .as("another browser")
                .isEqualTo("/");
    }

    @Test
    void linkWhenOverEightKilobytesThenTheStartPageAndASentence() {
        assertLost(navigate(WORLD.browser(), link(8193)), WORLD.browser());
    }

    @Test
    void linkWhenAnAddressHasTwentyThenTheStartPageAndASentence() {
        for (int i = 0; i < 20; i++) {
            assertThat(locationOf(from("203.0.113.9", link(1030)))).doesNotEndWith("attempt=");
        }
        assertLost(from("203.0.113.9", link(1030)), WORLD.browser());
        assertThat(locationOf(from("203.0.113.10", link(1030))))
                .as("another address")
                .doesNotEndWith("attempt=");
        WORLD.clock().advanceSeconds(599);
        assertLost(from("203.0.113.9", link(1030)), WORLD.browser());
        WORLD.clock().advanceSeconds(1);
        assertThat(locationOf(from("203.0.113.9", link(1030)))).doesNotEndWith("attempt=");
    }

    @Test
    void linkWhenAllTheRoomIsTakenThenTheStartPageAndASentence() {
        for (int i = 0; i < 4; i++) {
            assertThat(locationOf(from("203.0.113." + i, link(8192)))).doesNotEndWith("attempt=");
        }
        assertLost(from("203.0.113.9", link(8192)), WORLD.browser());
        WORLD.clock().advanceSeconds(660);
        assertThat(locationOf(from("203.0.113.9", link(8192)))).doesNotEndWith("attempt=");
    }

    @Test
    void linkWhenRedisIsAwayThenTheStartPageAndASentence() {
        Browser browser = WORLD.browser();
        String kept = locationOf(navigate(browser, link(2000)));
        WORLD.redis().kill();
        assertLost(navigate(browser, link(2000)), browser);
        assertThat(browser.get(kept).body()).contains(LOST, "name=\"return\" value=\"/\"");
        assertThat(browser.get(locationOf(navigate(browser, "/api/short"))).body())
                .contains("name=\"return\" value=\"/api/short\"")
                .doesNotContain(LOST);
    }

    @Test
    void keptPathWhenItWasChangedThenItIsCheckedAgain() {
        Browser browser = WORLD.browser();
        String page = locationOf(navigate(browser, link(2000)));
        try (RedisClient client = RedisClient.create(WORLD.redis().uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            List<String> keys = connection.sync().keys("latchkey:return:*:path:*");
            assertThat(keys).hasSize(1);
            assertThat(connection.sync().pttl(keys.get(0))).isBetween(1L, 600_000L);
            assertThat(connection.sync().keys("latchkey:return:*"))
                    .hasSize(3)
                    .noneMatch(key -> key.contains("127.0.0"))
                    .allMatch(key -> connection.sync().pttl(key) > 0);
            connection.sync().set(keys.get(0), "//evil.example/");
        }
        assertThat(browser.get(page).body()).contains(LOST, "name=\"return\" value=\"/\"");
    }

    private static void assertLost(HttpResponse<String> redirect, Browser browser) {
        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(locationOf(redirect)).isEqualTo("/auth/sign-in?attempt=");
        assertThat(Browser.cookiesOf(redirect)).isEmpty();
        assertThat(browser.get(locationOf(redirect)).body()).contains(LOST, "name=\"return\" value=\"/\"");
    }

    /** With everything that a second encoding would change. */
    private static String link(int length) {
        StringBuilder link = new StringBuilder("/api/board%20one?f[]=1&q=%2Fa%252Fb&n=");
        while (link.length() < length) {
            link.append((char) ('a' + link.length() % 26));
        }
        return link.toString();
    }

    private static HttpResponse<String> navigate(Browser browser, String link) {
        return browser.send(
                browser.request(link).header("Sec-Fetch-Mode", "navigate").GET());
    }

    private static HttpResponse<String> from(String address, String link) {
        Browser browser = WORLD.browser();
        return browser.send(browser.request(link)
                .header("Sec-Fetch-Mode", "navigate")
                .header("X-Forwarded-For", address)
                .GET());
    }

    private static HttpResponse<String> submit(Browser browser, String back, String password) {
        String encoded = URLEncoder.encode(back, StandardCharsets.UTF_8);
        return browser.send(browser.request("/auth/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=ada&password=" + password + "&return=" + encoded)));
    }

    private static String returnOf(String page) {
        Matcher field = RETURN.matcher(page);
        assertThat(field.find()).as(page).isTrue();
        return HtmlUtils.htmlUnescape(field.group(1));
    }

    private static String locationOf(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElseThrow();
    }
}
