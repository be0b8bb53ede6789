package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client's address behind a trusted proxy; {@link ForwardingIT} has the untrusted one. */
final class ClientAddressIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.trusted-proxies", "127.0.0.0/8,10.0.0.0/8"));

    @Test
    void forwardedForWhenThePeerIsTrustedThenTheFirstUntrustedFromTheRightCounts() {
        assertThat(addressOf("203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(addressOf("203.0.113.9, 10.1.2.3")).isEqualTo("203.0.113.9");
        assertThat(addressOf("6.6.6.6, 203.0.113.9, 10.1.2.3")).isEqualTo("203.0.113.9");
        assertThat(addressOf("2001:db8::1, 10.1.2.3")).isEqualTo("2001:db8::1");
    }

    @Test
    void forwardedForWhenThePeerIsTrustedThenTheBackendGetsTheChainWithoutHearsay() {
        Browser browser = WORLD.browser();
        browser.send(browser.bare("/open/x")
                .header("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.1.2.3")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "shop.example")
                .GET());
        var seen = WORLD.backend().last().headers();
        assertThat(seen.getAll("X-Forwarded-For")).containsExactly("203.0.113.9, 10.1.2.3, 127.0.0.1");
        assertThat(seen.getAll("X-Forwarded-Proto")).containsExactly("https");
        assertThat(seen.getAll("X-Forwarded-Host")).containsExactly("shop.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    HTTPS        | https
                    https        | https
                    https,http   | https
                    https, https | https
                    http, https  | https
                    ftp          | http
                    """)
    void protoWhenThePeerIsTrustedThenOneThatWasReachedByTlsIsEnough(String said, String forwarded) {
        Browser browser = WORLD.browser();
        browser.send(browser.bare("/open/x").header("X-Forwarded-Proto", said).GET());
        assertThat(WORLD.backend().last().headers().getAll("X-Forwarded-Proto")).containsExactly(forwarded);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /shop          | /shop
                    /shop/eu/      | /shop/eu
                    //evil.example | ''
                    /\\evil.example | ''
                    /a//b          | ''
                    /a/../b        | ''
                    /a/%2e%2e/b    | ''
                    https://evil   | ''
                    shop           | ''
                    /              | ''
                    """)
    void prefixWhenThePeerIsTrustedThenRedirectsBeginWithAPlainOne(String said, String prefix) {
        Browser browser = WORLD.browser();
        var asked = browser.bare("/api/x").header("X-Forwarded-Prefix", said).header("Sec-Fetch-Mode", "navigate");
        assertThat(browser.send(asked.GET()).headers().firstValue("Location"))
                .contains(prefix + "/auth/sign-in?return=%2Fapi%2Fx");
        var form = browser.bare("/auth/sign-in")
                .header("X-Forwarded-Prefix", said)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("username=ada&password=ada&return=%2Fapi%2Fx"));
        HttpResponse<String> signedIn = browser.send(form);
        assertThat(signedIn.statusCode()).isEqualTo(303);
        assertThat(signedIn.headers().firstValue("Location")).contains(prefix + "/api/x");
    }

    @ParameterizedTest
    @CsvSource({"/shop, /shop", "//evil.example, ''"})
    void problemPageWhenThePeerIsTrustedThenItsLinksBeginWithAPlainPrefix(String said, String prefix) {
        Browser browser = WORLD.browser();
        var asked = browser.bare("/nowhere").header("X-Forwarded-Prefix", said).header("Sec-Fetch-Mode", "navigate");
        assertThat(browser.send(asked.GET()).body())
                .contains("href=\"" + prefix + "/auth/assets/latchkey.css\"", "href=\"" + prefix + "/\"")
                .doesNotContain("evil", "{{");
    }

    @Test
    void pagesWhenShownThenTheirLinksFollowAnyPrefix() {
        assertThat(WORLD.browser().get("/auth/sign-in").body())
                .contains("action=\"sign-in\"", "href=\"assets/latchkey.css\"")
                .doesNotContain("=\"/auth");
    }

    @Test
    void attemptsWhenFromSeveralAddressesBehindOneProxyThenCountedApart() {
        for (int i = 0; i < 10; i++) {
            assertThat(signIn("203.0.113.1", "no")).isEqualTo(401);
        }
        assertThat(signIn("203.0.113.1", "ada")).isEqualTo(429);
        assertThat(signIn("203.0.113.2", "ada")).isEqualTo(200);
    }

    private static String addressOf(String forwardedFor) {
        Browser browser = WORLD.browser();
        HttpResponse<String> signedIn = browser.send(request(browser, forwardedFor, "ada"));
        assertThat(signedIn.statusCode()).isEqualTo(200);
        String sessions = browser.get("/auth/sessions").body();
        int current = sessions.indexOf("\"current\":true");
        int start = sessions.indexOf("\"address\":\"", current) + 11;
        return sessions.substring(start, sessions.indexOf('"', start));
    }

    private static int signIn(String address, String password) {
        Browser browser = WORLD.browser();
        return browser.send(request(browser, address, password)).statusCode();
    }

    private static java.net.http.HttpRequest.Builder request(Browser browser, String address, String password) {
        return browser.bare("/auth/sign-in")
                .header("X-Forwarded-For", address)
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                        "{\"username\":\"ada\",\"password\":\"" + password + "\"}"));
    }
}
