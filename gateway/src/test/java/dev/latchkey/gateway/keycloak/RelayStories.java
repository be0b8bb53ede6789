package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.testing.Browser;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keycloak's own access tokens, at routes that ask for them. */
final class RelayStories {

    @RegisterExtension
    static final KeycloakWorld WORLD = KeycloakWorld.SHARED;

    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void backendWhenItsRouteRelaysThenGetsTheTokenAsIssuedAndANewOneOnceThatHasEnded() throws ParseException {
        Browser browser = WORLD.person().signIn("ada").browser();
        assertThat(browser.get("/issued/x").statusCode()).isEqualTo(200);
        JWTClaimsSet first = relayed();
        assertThat(first.getIssuer()).isEqualTo(WORLD.issuer());
        assertThat(first.getStringClaim("azp")).isEqualTo("shop-gateway");

        Instant end = first.getExpirationTime().toInstant();
        await().atMost(SOON).until(() -> Instant.now().isAfter(end));
        assertThat(browser.get("/issued/x").statusCode()).isEqualTo(200);
        assertThat(relayed().getExpirationTime().toInstant()).isAfter(end);
        assertThat(WORLD.admin().events("REFRESH_TOKEN", "REFRESH_TOKEN_ERROR")).containsExactly("REFRESH_TOKEN");
    }

    @Test
    void backendWhenItsRouteNamesAnAudienceThenGetsATokenThatKeycloakExchangedForItAlone() throws ParseException {
        Browser browser = WORLD.person().signIn("ada").browser();
        for (int request = 0; request < 2; request++) {
            HttpResponse<String> answer = browser.get("/files/x");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(relayed().getAudience()).isEqualTo(List.of("files"));
        }
        assertThat(WORLD.admin().events("TOKEN_EXCHANGE", "TOKEN_EXCHANGE_ERROR"))
                .containsExactly("TOKEN_EXCHANGE");
    }

    /** The session lives on: it is not the user who was refused. */
    @Test
    void backendWhenKeycloakExchangesNothingForItsAudienceThenThereIsNoRequestAndNoHarmToTheSession() {
        Browser browser = WORLD.person().signIn("ada").browser();
        WORLD.backend().forget();
        HttpResponse<String> answer = browser.get("/strangers/x");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("provider-error");
        assertThat(WORLD.backend().received()).isEmpty();
        assertThat(browser.get("/issued/x").statusCode()).isEqualTo(200);
    }

    private static JWTClaimsSet relayed() throws ParseException {
        return SignedJWT.parse(WORLD.backend().last().bearer()).getJWTClaimsSet();
    }
}
