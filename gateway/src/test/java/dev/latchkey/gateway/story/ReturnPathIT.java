package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.page.ReturnPathTricks;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a browser ends up after signing in: nothing that a link says can lead it to another host. */
final class ReturnPathIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    static Stream<String> tricks() throws IOException {
        return ReturnPathTricks.all();
    }

    @ParameterizedTest
    @MethodSource("tricks")
    void returnWhenItIsATrickThenTheRoot(String trick) {
        Browser browser = WORLD.browser();
        String query = "?return=" + encoded(trick);
        assertThat(browser.get("/auth/sign-in" + query).body())
                .contains("name=\"return\" value=\"/\"")
                .doesNotContain("evil");
        assertThat(locationOf(submitted(browser, trick))).isEqualTo("/");
        assertThat(locationOf(browser.get("/auth/sign-in" + query)))
                .as("signed in already")
                .isEqualTo("/");
    }

    @Test
    void returnWhenLocalThenThere() {
        Browser browser = WORLD.browser();
        assertThat(locationOf(submitted(browser, "/api/x?a=b&c=%2F"))).isEqualTo("/api/x?a=b&c=%2F");
        assertThat(locationOf(browser.get("/auth/sign-in?return=%2Fapi%2Fx%3Fa%3Db%26c%3D%252F")))
                .isEqualTo("/api/x?a=b&c=%2F");
    }

    private static HttpResponse<String> submitted(Browser browser, String back) {
        return browser.send(browser.request("/auth/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=ada&password=ada&return=" + encoded(back))));
    }

    private static String locationOf(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
