package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Routes that ask for a newer or a stronger sign-in than Keycloak's session is. */
final class StepUpStories {

    @RegisterExtension
    static final KeycloakWorld WORLD = KeycloakWorld.SHARED;

    /** The age that the route allows, the leeway for clocks, and the second that is cut off. */
    private static final Duration TOO_OLD = Duration.ofSeconds(1 + 60 + 1);

    @Test
    void routeWhenTheSignInIsTooWeakThenASecondLevelIsAskedForAndItsSessionReplacesTheOld() throws Exception {
        Person ada = WORLD.person().signIn("ada");
        String weak = ada.browser().session();
        HttpResponse<String> refused = ada.browser().get("/gold/x");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("insufficient-user-authentication");

        WORLD.forget();
        HttpResponse<String> page = ada.visit("/gold/x", "ada");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(WORLD.front().requests("ext/par/request").get(0).form()).containsEntry("acr_values", "gold");
        assertThat(ada.browser().session()).isNotEqualTo(weak);
        assertThat(claim(ada, "acr")).isEqualTo("gold");
    }

    /** By the real clock, which is Keycloak's, too. */
    @Test
    void routeWhenTheSignInIsTooOldThenKeycloakAsksAgainAlthoughItKnowsThePerson() throws Exception {
        Person ada = WORLD.person().signIn("ada");
        assertThat(ada.browser().get("/fresh/x").statusCode()).isEqualTo(200);
        Instant old = authTime(ada).plus(TOO_OLD);
        await().atMost(TOO_OLD.plusSeconds(30)).until(() -> Instant.now().isAfter(old));
        assertThat(ada.browser().get("/api/x").statusCode()).isEqualTo(200);
        assertThat(ada.browser().get("/fresh/x").statusCode()).isEqualTo(401);

        WORLD.forget();
        HttpResponse<String> page = ada.visit("/fresh/x", "ada");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(WORLD.front().requests("ext/par/request").get(0).form()).containsEntry("max_age", "1");
        assertThat(WORLD.front().requests("login-actions/authenticate"))
                .as("the form")
                .isNotEmpty();
        assertThat(authTime(ada)).isAfterOrEqualTo(old);
    }

    private static Instant authTime(Person person) throws ParseException {
        return Instant.ofEpochSecond(((Number) claim(person, "idp_auth_time")).longValue());
    }

    private static Object claim(Person person, String name) throws ParseException {
        return SignedJWT.parse(person.browser().jar().get("latchkey-access"))
                .getJWTClaimsSet()
                .getClaim(name);
    }
}
