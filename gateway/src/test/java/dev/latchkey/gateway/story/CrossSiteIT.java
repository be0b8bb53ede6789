package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use a browser's cookies from where, on the routes; {@link SignInIT} has the sign-in endpoints. */
final class CrossSiteIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.cross-site.allowed-origins", "https://app.example"));

    @ParameterizedTest(name = "{0} from {1}, fetch metadata {2}: {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "POST,   https://app.example,  cross-site,  200",
                "POST,   https://app.example,  -,           200",
                "POST,   https://shop.example, same-origin, 200",
                "POST,   -,                    same-origin, 200",
                "POST,   -,                    none,        200",
                "POST,   https://shop.example, -,           200",
                "POST,   -,                    -,           200",
                "POST,   https://shop.example, cross-site,  403",
                "POST,   https://shop.example, same-site,   403",
                "POST,   https://evil.example, -,           403",
                "POST,   null,                 -,           403",
                "POST,   https://evil.example, cross-site,  403",
                "POST,   -,                    same-site,   403",
                "PUT,    https://evil.example, cross-site,  403",
                "DELETE, https://evil.example, cross-site,  403",
                "PATCH,  https://evil.example, cross-site,  403",
                "GET,    https://evil.example, cross-site,  200",
                "HEAD,   -,                    cross-site,  200",
            })
    void requestWhenCookiesAuthenticateItThen(
            String method, @Nullable String origin, @Nullable String site, int status) {
        Browser browser = WORLD.signedIn("ada");
        WORLD.backend().forget();
        HttpResponse<String> answer = browser.send(from(browser.bare("/api/x"), origin, site)
                .header("Cookie", browser.cookies())
                .method(method, BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(WORLD.backend().received()).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void requestWhenNoCookieAuthenticatesItThenPasses() {
        Browser browser = WORLD.signedIn("ada");
        HttpRequest.Builder bearer = from(browser.bare("/api/x"), "https://evil.example", "cross-site")
                .header("Authorization", "Bearer " + browser.jar().get("latchkey-access"))
                .POST(BodyPublishers.noBody());
        assertThat(browser.send(bearer).statusCode()).isEqualTo(200);
        HttpRequest.Builder open = from(browser.bare("/open/x"), "https://evil.example", "cross-site")
                .header("Cookie", browser.cookies())
                .POST(BodyPublishers.noBody());
        assertThat(browser.send(open).statusCode())
                .as("its cookies stay behind")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"DELETE, /auth/sessions/{id}", "POST, /auth/sessions/{id}/end", "POST, /auth/sign-out?everywhere=true"})
    void sessionWhenAForeignSiteWouldEndItThenForbidden(String method, String path) {
        Browser browser = WORLD.signedIn("ada");
        String session = browser.get("/auth/session").body();
        int start = session.indexOf("\"sessionId\":\"") + 13;
        String id = session.substring(start, session.indexOf('"', start));
        HttpRequest.Builder foreign = from(browser.bare(path.replace("{id}", id)), "https://evil.example", "cross-site")
                .header("Cookie", browser.cookies())
                .method(method, BodyPublishers.noBody());
        assertThat(browser.send(foreign).statusCode()).isEqualTo(403);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    private static HttpRequest.Builder from(
            HttpRequest.Builder request, @Nullable String origin, @Nullable String site) {
        if (origin != null) {
            request.header("Origin", origin);
        }
        return site == null ? request : request.header("Sec-Fetch-Site", site);
    }
}
