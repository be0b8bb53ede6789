package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sign-in with Keycloak. */
final class SignInStories {

    @RegisterExtension
    static final KeycloakWorld WORLD = KeycloakWorld.SHARED;

    @Test
    void backendWhenAUserOfKeycloakComesThenKnowsTheirNameAndRoles() throws Exception {
        Person grace = WORLD.person().signIn("grace");

        JWTClaimsSet identity = SignedJWT.parse(WORLD.backend().last().bearer()).getJWTClaimsSet();
        assertThat(identity.getSubject()).startsWith("keycloak|");
        assertThat(identity.getStringClaim("name")).isEqualTo("Grace Hopper");
        assertThat(identity.getStringClaim("email")).isEqualTo("grace@shop.example");
        assertThat(identity.getStringListClaim("roles")).containsExactlyInAnyOrder("admin", "customer");
        assertThat(grace.browser().get("/admin/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.person().signIn("ada").browser().get("/admin/x").statusCode())
                .isEqualTo(403);
    }

    /** Keycloak is told to take nothing else from this client: no request in the address, none without S256. */
    @Test
    void authorizationRequestWhenKeycloakWantsItPushedWithPkceThenItIs() {
        WORLD.person().signIn("ada");

        Map<String, String> pushed =
                WORLD.front().requests("ext/par/request").get(0).form();
        assertThat(pushed).containsEntry("code_challenge_method", "S256").containsKeys("state", "nonce");
        assertThat(WORLD.admin().events("LOGIN", "CODE_TO_TOKEN", "CODE_TO_TOKEN_ERROR"))
                .containsExactlyInAnyOrder("LOGIN", "CODE_TO_TOKEN");
        List<KeycloakFront.Request> exchanges = WORLD.front().requests("token");
        assertThat(exchanges).hasSize(1);
        assertThat(exchanges.get(0).form()).containsKey("code_verifier").doesNotContainKey("client_secret");
    }

    @Test
    void clientWhenItHasAKeyInPlaceOfASecretThenSignsIn() {
        Person ada = WORLD.person();
        assertThat(ada.visit("/auth/providers/key?return=%2Fapi%2Fx", "ada").statusCode())
                .isEqualTo(200);
        assertThat(ada.browser().get("/auth/session").body()).contains("\"subject\":\"key|");
        assertThat(WORLD.front().requests("token").get(0).form()).containsKey("client_assertion");
    }
}
