package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.DeviceBrowser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Strangers use up what a name is allowed: its owner goes on, and they learn nothing of where he is. */
final class NameLimitIT {

    private static final int NAME = 6;
    private static final int EXEMPT = 4;
    private static final int SUCCESSES = 5;
    private static final String HOME = "192.0.2.7";
    private static final String ELSEWHERE = "203.0.113.9";

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.device-binding",
            "when-offered",
            "latchkey.trusted-proxies",
            "127.0.0.0/8",
            "latchkey.sign-in.per-name",
            NAME,
            "latchkey.sign-in.per-site",
            8,
            "latchkey.sign-in.per-exempt-network",
            EXEMPT,
            "latchkey.sign-in.successes-per-name",
            SUCCESSES));

    @Test
    void ownerWhenTheyComeFromWhereTheySignedInBeforeThenTheyGoOn() {
        assertThat(signIn(HOME, "ada", "ada").statusCode()).isEqualTo(200);
        useUp("ada");
        assertThat(signIn("192.0.2.200", "ada", "ada").statusCode())
                .as("the same /24")
                .isEqualTo(200);
        assertThat(signIn("192.0.3.7", "ada", "ada").statusCode())
                .as("the next /24")
                .isEqualTo(429);
        assertThat(signIn(ELSEWHERE, "bob", "bob").statusCode())
                .as("another name")
                .isEqualTo(200);
    }

    @Test
    void strangerWhenTheyTryThenTheySeeWhatIsSeenFromHome() {
        assertThat(signIn(HOME, "ada", "ada").statusCode()).isEqualTo(200);
        useUp("ada");
        HttpResponse<String> stranger = signIn(ELSEWHERE, "ada", "x");
        HttpResponse<String> knowing = signIn(ELSEWHERE, "ada", "ada");
        HttpResponse<String> fromHome = signIn(HOME, "ada", "x");
        assertThat(stranger.statusCode()).isEqualTo(429);
        for (HttpResponse<String> other : List.of(knowing, fromHome)) {
            assertThat(other.statusCode()).isEqualTo(429);
            assertThat(Browser.withoutRequestId(other)).isEqualTo(Browser.withoutRequestId(stranger));
        }
    }

    @Test
    void homeWhenItTriesTooOftenThenItHasALimitOfItsOwn() {
        assertThat(signIn(HOME, "ada", "ada").statusCode()).isEqualTo(200);
        useUp("ada");
        for (int i = 0; i < EXEMPT; i++) {
            assertThat(signIn("192.0.2." + i, "ada", "x").statusCode()).isEqualTo(429);
        }
        assertThat(signIn(HOME, "ada", "ada").statusCode()).isEqualTo(429);
        WORLD.clock().advanceSeconds(3600);
        assertThat(signIn(HOME, "ada", "ada").statusCode()).isEqualTo(200);
    }

    @Test
    void homeWhenThatWasThirtyDaysAgoThenAsAnywhere() {
        assertThat(signIn(HOME, "ada", "ada").statusCode()).isEqualTo(200);
        WORLD.clock().advance(Duration.ofDays(30));
        useUp("ada");
        assertThat(signIn(HOME, "ada", "ada").statusCode()).isEqualTo(429);
    }

    @Test
    void browserWhenItHoldsALiveSessionOfTheNameThenItGoesOn() {
        Browser browser = WORLD.browser();
        assertThat(browser.send(request(browser, HOME, "ada", "ada")).statusCode())
                .isEqualTo(200);
        Browser bob = WORLD.browser();
        bob.send(request(bob, HOME, "bob", "bob"));
        useUp("ada");
        assertThat(signIn(ELSEWHERE, "ada", "ada").statusCode())
                .as("without its cookies")
                .isEqualTo(429);
        assertThat(bob.sendOnly(request(bob, ELSEWHERE, "ada", "ada")).statusCode())
                .as("with another user's")
                .isEqualTo(429);
        assertThat(browser.sendOnly(request(browser, ELSEWHERE, "ada", "x")).statusCode())
                .as("a wrong password")
                .isEqualTo(429);
        Browser copy = browser.copy();
        assertThat(browser.send(request(browser, ELSEWHERE, "ada", "ada")).statusCode())
                .isEqualTo(200);
        assertThat(copy.sendOnly(request(copy, "198.18.0.1", "ada", "ada")).statusCode())
                .as("that session has ended by it")
                .isEqualTo(429);
    }

    @Test
    void copyWhenTheSessionIsBoundThenItHoldsNothingAfterTheAccessToken() {
        DeviceBrowser owner = DeviceBrowser.bound(WORLD.browser(), "ada");
        useUp("ada");
        WORLD.expireAccessToken();
        Browser copy = owner.browser().copy();
        assertThat(copy.sendOnly(request(copy, ELSEWHERE, "ada", "ada")).statusCode())
                .isEqualTo(429);

        assertThat(owner.renew().statusCode()).isEqualTo(200);
        Browser browser = owner.browser();
        assertThat(browser.sendOnly(request(browser, ELSEWHERE, "ada", "ada")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void nameWhenItSignsInTooOftenThenItWaits() {
        for (int i = 0; i < SUCCESSES; i++) {
            assertThat(signIn("192.0.2." + i, "ada", "ada").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> limited = signIn(ELSEWHERE, "ada", "ada");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).contains("3600");
        assertThat(Browser.cookiesOf(limited)).isEmpty();
        assertThat(signIn(ELSEWHERE, "bob", "bob").statusCode()).isEqualTo(200);
        WORLD.clock().advanceSeconds(3600);
        assertThat(signIn(ELSEWHERE, "ada", "ada").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"2001:db8:1:2ff::1, 200", "2001:db8:1:300::1, 429"})
    void ownerWhenTheyComeByIpv6ThenTheSiteCounts(String address, int status) {
        assertThat(signIn("2001:db8:1:200::1", "ada", "ada").statusCode()).isEqualTo(200);
        useUp("ada");
        assertThat(signIn(address, "ada", "ada").statusCode()).isEqualTo(status);
    }

    @Test
    void siteWhenItTriesFromManyNetworksThenItWaits() {
        for (int i = 0; i < 8; i++) {
            assertThat(signIn("2001:db8:1:20" + i + "::1", "nobody" + i, "x").statusCode())
                    .isEqualTo(401);
        }
        assertThat(signIn("2001:db8:1:2aa::1", "ada", "ada").statusCode()).isEqualTo(429);
        assertThat(signIn("2001:db8:1:300::1", "ada", "ada").statusCode()).isEqualTo(200);
    }

    /** A check of this password takes at least so long on any machine. */
    @Test
    void strangerWhenRefusedThenAfterTheTimeThatAPasswordTakes() throws IOException {
        Path users = Files.writeString(
                WORLD.folder().resolve("slow-users.yml"),
                "users:\n  - name: slow\n    password: \"{bcrypt}%s\"\n"
                        .formatted(new BCryptPasswordEncoder(13).encode("slow")));
        // In a database of its own: a node of the world would learn of the newer list, which lacks its users.
        try (Gateway node =
                WORLD.startNode(Map.of("latchkey.users.file", users.toString(), "spring.data.redis.database", 1))) {
            useUp(node.url(), "slow");
            Duration shortest = Duration.ofDays(1);
            for (int i = 0; i < 4; i++) {
                Browser stranger = new Browser(node.url());
                long begun = System.nanoTime();
                assertThat(stranger.send(request(stranger, "203.0.113." + i, "slow", "x"))
                                .statusCode())
                        .isEqualTo(429);
                Duration taken = Duration.ofNanos(System.nanoTime() - begun);
                shortest = taken.compareTo(shortest) < 0 ? taken : shortest;
            }
            assertThat(shortest).isGreaterThan(Duration.ofMillis(100));
        }
    }

    /** From networks of which nothing is known. */
    private static void useUp(String name) {
        useUp(WORLD.url(), name);
    }

    private static void useUp(String node, String name) {
        for (int i = 0; i < NAME; i++) {
            Browser browser = new Browser(node);
            assertThat(browser.send(request(browser, "198.51.%d.1".formatted(100 + i), name, "x"))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private static HttpResponse<String> signIn(String address, String name, String password) {
        Browser browser = WORLD.browser();
        return browser.send(request(browser, address, name, password));
    }

    private static HttpRequest.Builder request(Browser browser, String address, String name, String password) {
        return browser.request("/auth/sign-in")
                .header("X-Forwarded-For", address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, password)));
    }
}
