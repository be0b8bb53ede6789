package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose users all come from OpenID Providers: nobody signs in with a password. */
final class WithoutUsersFileIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static Gateway node;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(WORLD.folder().resolve("secret"), "of the client");
        node = WORLD.startFreshNode(properties("one", "two"));
    }

    private static Map<String, Object> properties(String... providers) {
        Map<String, Object> properties = new HashMap<>(Map.of("latchkey.users.file", ""));
        for (String provider : providers) {
            String prefix = "latchkey.providers." + provider;
            properties.put(prefix + ".issuer", "http://127.0.0.1:9/" + provider);
            properties.put(prefix + ".client-id", "latchkey");
            properties.put(
                    prefix + ".client-secret-file",
                    WORLD.folder().resolve("secret").toString());
        }
        return properties;
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/sign-in", "/auth/token"})
    void signInWhenByPasswordThenThereIsNothing(String endpoint) {
        Browser browser = new Browser(node.url());
        HttpResponse<String> answer = browser.send(browser.request(endpoint)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"ada\",\"password\":\"ada\"}")));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("urn:latchkey:problem:not-found");
    }

    @Test
    void pageWhenShownThenHasNoForm() {
        HttpResponse<String> page = new Browser(node.url()).navigate("/auth/sign-in");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<h1>Sign in</h1>").doesNotContain("<form", "password");
    }

    /** With one alone there is nothing to choose. */
    @Test
    void pageWhenThereIsOneProviderThenItIsGoneToDirectly() {
        Map<String, Object> properties = properties("one");
        try (Gateway single = WORLD.startNode(properties)) {
            HttpResponse<String> answer = new Browser(single.url()).navigate("/auth/sign-in?return=%2Fapi%2Fx");
            assertThat(answer.statusCode()).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).contains("/auth/providers/one?return=%2Fapi%2Fx");
            assertThat(new Browser(single.url())
                            .navigate("/auth/sign-in?ended=one")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void healthWhenAskedThenSaysNothingOfUsers() {
        assertThat(new Operator(node.managementUrl()).health().body())
                .contains("\"keys\"")
                .doesNotContain("\"users\":{");
    }

    /** Another node still has the file. */
    @Test
    void rotateWhenTheUserIsOfAFileThenTheSessionEnds() {
        Browser browser = WORLD.signedIn("ada").at(node.url());
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(WORLD.auditNames()).contains("session-revoked");
    }
}
