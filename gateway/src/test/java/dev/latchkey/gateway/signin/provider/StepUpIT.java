package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that ask for a newer or a stronger sign-in. */
final class StepUpIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(TestProviders.properties(PROVIDER));

    private static Gateway node;
    private static Gateway joining;

    private Visitor visitor;

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @BeforeAll
    static void start() throws IOException {
        Path routes = Files.writeString(WORLD.folder().resolve("step-up.yml"), """
                version: 1
                routes:
                  - id: gold
                    match: { path: /gold/** }
                    to: BACKEND
                    entry: { access: required, provider: strict, acr-values: [gold] }
                  - id: fresh
                    match: { path: /fresh/** }
                    to: BACKEND
                    entry: { access: required, max-age: 5m }
                  - id: api
                    match: { path: /api/** }
                    to: BACKEND
                    entry: { access: required }
                """.replace(
                        "BACKEND", WORLD.backend().url()));
        node = WORLD.startFreshNode(Map.of("latchkey.routes.file", routes.toString()));
        joining = WORLD.startFreshNode(Map.of(
                "latchkey.routes.file",
                routes.toString(),
                "latchkey.providers.strict.local-user-claim",
                "preferred_username"));
    }

    @AfterAll
    static void stop() {
        node.close();
        joining.close();
        PROVIDER.close();
    }

    @BeforeEach
    void signInAtProvider() {
        visitor = new Visitor(new Browser(node.url()));
        TestProviders.awaitReady(new Browser(node.url()));
        PROVIDER.signIn("ada-1", TestProviders.ADA);
    }

    @Test
    void routeWhenTheSignInIsTooWeakThenAsksForAStrongerOneAndLetsIn() {
        visitor.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        String weak = visitor.browser().session();
        HttpResponse<String> refused = visitor.browser().get("/gold/x");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("urn:latchkey:problem:insufficient-user-authentication");
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer error=\"insufficient_user_authentication\"");

        String signIn = location(visitor.browser().navigate("/gold/x"));
        String start = Visitor.onward(visitor.browser().navigate(signIn));
        assertThat(start).isEqualTo("/auth/providers/strict?return=%2Fgold%2Fx&acr_values=gold");
        assertThat(Visitor.location(visitor.signIn(start))).hasToString("/gold/x");

        assertThat(visitor.browser().get("/gold/x").statusCode()).isEqualTo(200);
        assertThat(visitor.browser().session()).isNotEqualTo(weak);
    }

    @Test
    void routeWhenTheSignInIsTooOldThenAsksForANewerOne() {
        visitor.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        assertThat(visitor.browser().get("/fresh/x").statusCode()).isEqualTo(200);
        WORLD.clock().advance(Duration.ofMinutes(6).plusSeconds(1));
        assertThat(visitor.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(visitor.browser().get("/fresh/x").statusCode()).isEqualTo(401);

        String start = Visitor.onward(
                visitor.browser().navigate(location(visitor.browser().navigate("/fresh/x"))));
        assertThat(start).isEqualTo("/auth/providers/strict?return=%2Ffresh%2Fx&max_age=300");
        visitor.signIn(start);
        assertThat(visitor.browser().get("/fresh/x").statusCode()).isEqualTo(200);
    }

    /** The user is signed in, so the sign-in page alone would lead past it. */
    @Test
    void formWhenTheSignInIsTooOldThenItsPageLeadsToANewerOne() {
        visitor.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        WORLD.clock().advance(Duration.ofMinutes(6).plusSeconds(1));
        HttpResponse<String> page = visitor.browser()
                .send(visitor.browser()
                        .request("/fresh/x")
                        .header("Sec-Fetch-Mode", "navigate")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("a=b")));
        assertThat(page.statusCode()).isEqualTo(401);
        assertThat(page.body()).contains("Nothing was sent", "newer").doesNotContain("You are signed out");

        String link = page.body()
                .replaceAll("(?s).*<a class=\"button\" href=\"([^\"]*)\".*", "$1")
                .replace("&amp;", "&");
        assertThat(link).isEqualTo("/auth/sign-in?max_age=300");
        visitor.signIn(Visitor.onward(visitor.browser().navigate(link)));
        assertThat(visitor.browser().get("/fresh/x").statusCode()).isEqualTo(200);
    }

    /**
     * The session may be younger than the sign-in at the provider, so its beginning does not count, whether or not the
     * users file knows the user.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void routeWhenTheProviderDoesNotSayWhenThenAsksForANewerSignIn(boolean isJoined) {
        Visitor silent = new Visitor(new Browser((isJoined ? joining : node).url()));
        TestProviders.awaitReady(silent.browser());
        PROVIDER.signIn("ada-2", Map.of("preferred_username", "ada"));
        PROVIDER.behave(behaviour -> behaviour.idTokenClaims(Map.of("auth_time", "")));
        try {
            silent.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        } finally {
            PROVIDER.behave(behaviour -> behaviour.idTokenClaims(Map.of()));
        }
        assertThat(silent.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(silent.browser().get("/fresh/x").statusCode()).isEqualTo(401);
        WORLD.expireAccessToken();
        assertThat(silent.browser().get("/fresh/x").statusCode()).isEqualTo(401);

        silent.signIn("/auth/providers/strict?return=%2Ffresh%2Fx&max_age=300");
        assertThat(silent.browser().get("/fresh/x").statusCode()).isEqualTo(200);
    }

    /** The page and no redirect back, which would be a loop. */
    @Test
    void routeWhenTheUserHasAPasswordThenTheSignInPageIsShown() {
        assertThat(visitor.browser().signIn("ada", "ada").statusCode()).isEqualTo(200);
        assertThat(visitor.browser().get("/fresh/x").statusCode()).isEqualTo(200);
        WORLD.clock().advance(Duration.ofMinutes(6).plusSeconds(1));
        HttpResponse<String> page =
                visitor.browser().navigate(location(visitor.browser().navigate("/fresh/x")));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("name=\"password\"", "max_age=300");
        assertThat(visitor.browser().signIn("ada", "ada").statusCode()).isEqualTo(200);
        assertThat(visitor.browser().get("/fresh/x").statusCode()).isEqualTo(200);
    }

    private static String location(HttpResponse<String> answer) {
        return Visitor.location(answer).toString();
    }
}
