package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.testing.Browser;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Refresh tokens that count once: Keycloak revokes the whole family of one that comes twice. */
final class RefreshStories {

    @RegisterExtension
    static final KeycloakWorld WORLD = KeycloakWorld.SHARED;

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int AT_ONCE = 30;

    @AfterEach
    void enable() {
        WORLD.admin().enable("grace", true);
    }

    @Test
    void requestsWhenARefreshIsDueOnBothNodesThenOneTokenRequestAndTheNextWorksToo() {
        Browser browser = WORLD.person().signIn("ada").browser();
        for (int refreshes = 1; refreshes <= 2; refreshes++) {
            awaitExpired(browser);
            assertThat(requestEverywhere(browser)).containsOnly(200);
            int sofar = refreshes;
            await().atMost(SOON).until(() -> refreshes().size() >= sofar);
        }
        assertThat(refreshes()).containsExactly("REFRESH_TOKEN", "REFRESH_TOKEN");
        assertThat(WORLD.auditNames()).doesNotContain("session-lapsed", "session-revoked");
    }

    /**
     * Keycloak has rotated and the answer is lost: the old token revokes the family, and nobody says it was the user.
     */
    @Test
    void navigationWhenTheFamilyIsLostThenComesBackWithoutBeingAsked() {
        Person ada = WORLD.person().signIn("ada");
        String lost = ada.browser().session();
        awaitExpired(ada.browser());
        WORLD.front().loseNextRefresh();
        assertThat(ada.browser().get("/api/x").statusCode()).isEqualTo(200);
        await().atMost(SOON.multipliedBy(2)).until(() -> WORLD.auditNames().contains("session-lapsed"));
        assertThat(refreshes()).containsExactly("REFRESH_TOKEN_ERROR", "REFRESH_TOKEN");

        awaitExpired(ada.browser());
        HttpResponse<String> refused = ada.browser().get("/api/x");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("session-lapsed");
        WORLD.front().forget();
        HttpResponse<String> page = ada.visit("/api/x", "nobody");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(WORLD.front().requests("request").get(0).form()).containsEntry("prompt", "none");
        assertThat(ada.browser().session()).isNotEqualTo(lost);
    }

    @Test
    void userWhenDisabledAtKeycloakThenTheNextRefreshEndsTheSessionOnBothNodes() {
        Browser browser = WORLD.person().signIn("grace").browser();
        Browser elsewhere = browser.at(WORLD.url(1));
        WORLD.admin().enable("grace", false);
        assertThat(elsewhere.get("/api/x").statusCode()).isEqualTo(200);
        awaitExpired(browser);

        browser.get("/api/x");

        await().atMost(SOON).until(() -> WORLD.auditNames().contains("session-revoked"));
        browser.awaitRefused();
        elsewhere.putBack(browser.jar());
        elsewhere.awaitRefused();
        assertThat(refreshes()).containsExactly("REFRESH_TOKEN_ERROR");
        assertThat(WORLD.auditNames()).doesNotContain("session-lapsed");
    }

    /**
     * Keycloak revokes, with one refresh token, all that a client was granted in a session of the user: that of the
     * session which the new one replaces is not revoked.
     */
    @Test
    void userWhenSignedInOverTheirSessionThenTheNewOneIsRefreshed() {
        Person ada = WORLD.person().signIn("ada");
        String before = ada.browser().session();
        ada.visit("/auth/providers/" + KeycloakWorld.PROVIDER + "?return=%2Fapi%2Fx&max_age=3600", "nobody");
        assertThat(ada.browser().session()).isNotEqualTo(before);
        await().atMost(SOON).until(() -> WORLD.auditNames().contains("session-revoked"));

        awaitExpired(ada.browser());
        assertThat(ada.browser().get("/api/x").statusCode()).isEqualTo(200);

        await().atMost(SOON).until(() -> !refreshes().isEmpty());
        assertThat(refreshes()).containsExactly("REFRESH_TOKEN");
        assertThat(WORLD.front().requests("revoke")).isEmpty();
    }

    private static List<String> refreshes() {
        return WORLD.admin().events("REFRESH_TOKEN", "REFRESH_TOKEN_ERROR");
    }

    /** All with the same cookies, as from a page whose pictures come at once; the browser keeps what it is given. */
    private static List<Integer> requestEverywhere(Browser browser) {
        List<Browser> nodes = List.of(browser, browser.at(WORLD.url(1)));
        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, AT_ONCE)
                .mapToObj(number -> nodes.get(number % 2))
                .map(node -> node.sendLater(node.request("/api/x").GET()))
                .toList();
        return all.stream()
                .map(CompletableFuture::join)
                .peek(browser::keep)
                .map(HttpResponse::statusCode)
                .toList();
    }

    private static void awaitExpired(Browser browser) {
        Instant end = expiry(browser);
        await().atMost(SOON).until(() -> Instant.now().isAfter(end));
    }

    private static Instant expiry(Browser browser) {
        try {
            return SignedJWT.parse(browser.jar().get("latchkey-access"))
                    .getJWTClaimsSet()
                    .getExpirationTime()
                    .toInstant();
        } catch (ParseException failure) {
            throw new AssertionError("not a JWT", failure);
        }
    }
}
