package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.LiveConnection;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that end at Keycloak, and sessions there that end with ours. */
final class LogoutStories {

    @RegisterExtension
    static final KeycloakWorld WORLD = KeycloakWorld.SHARED;

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Pattern ADDRESS = Pattern.compile("href=\"([^\"]*id_token_hint=[^\"]*)\"");

    /** Keycloak sends a logout token for each of the user's sessions, all to the first node. */
    @Test
    void streamWhenAllSessionsAreLoggedOutAtKeycloakThenEndsOnTheOtherNodeWithinASecond() {
        WORLD.admin().logOut("grace");
        WORLD.forget();
        Browser phone = WORLD.person().signIn("grace").browser();
        Browser laptop = WORLD.person().signIn("grace").browser();
        Browser elsewhere = laptop.at(WORLD.url(1));
        try (LiveConnection stream = LiveConnection.events(elsewhere, WORLD.port(1))) {
            WORLD.admin().logOut("grace");

            Instant ended = stream.awaitEnd();
            assertThat(WORLD.front().logoutTokens()).hasSize(2);
            Instant came = WORLD.front().logoutTokens().get(0);
            assertThat(Duration.between(came, ended)).isBetween(Duration.ZERO, SECOND);
        }
        List.of(phone, laptop, elsewhere).forEach(Browser::awaitRefused);
        assertThat(WORLD.auditNames()).filteredOn("provider-logout"::equals).hasSize(2);
    }

    @Test
    void logoutWhenOfOneSessionThenTheUsersOtherSessionLivesOn() {
        Person phone = WORLD.person().signIn("ada");
        Person laptop = WORLD.person().signIn("ada");

        phone.logOutAtKeycloak();

        phone.browser().awaitRefused();
        assertThat(laptop.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(laptop.browser().at(WORLD.url(1)).get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void signOutWhenHereThenTheSessionAtKeycloakEndsToo() {
        Person ada = WORLD.person().signIn("ada");
        int before = WORLD.admin().sessions("ada").size();
        Browser stolen = ada.browser().copy();
        HttpResponse<String> page = ada.browser()
                .send(ada.browser()
                        .request("/auth/sign-out")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Sec-Fetch-Mode", "navigate")
                        .POST(BodyPublishers.noBody()));
        Matcher address = ADDRESS.matcher(page.body());
        assertThat(address.find()).as(page.body()).isTrue();

        assertThat(ada.atKeycloak(URI.create(address.group(1).replace("&amp;", "&")), "nobody"))
                .isEqualTo("/auth/signed-out");
        stolen.awaitRefused();
        assertThat(WORLD.admin().sessions("ada")).hasSize(before - 1);
        assertThat(ada.mustSignIn()).isTrue();
    }

    /** As a program signs out: nobody goes to Keycloak, which learns of it all the same. */
    @Test
    void signOutWhenNobodyGoesOnToKeycloakThenTheRefreshTokenIsRevokedThere() {
        Browser ada = WORLD.person().signIn("ada").browser();
        assertThat(ada.post("/auth/sign-out").statusCode()).isEqualTo(200);
        await().atMost(SOON).until(() -> !WORLD.admin().events("REVOKE_GRANT").isEmpty());
        assertThat(WORLD.front().requests("revoke").get(0).form()).containsEntry("token_type_hint", "refresh_token");
    }
}
