package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.admin.Actor;
import dev.latchkey.gateway.admin.AdminSessions;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ends of sessions that a provider began: at the gateway, at the provider, and lost by the provider. */
final class ProviderSignOutIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(TestProviders.properties(PROVIDER));

    private static final String LEFT_BEFORE_THE_ANSWER = "latchkey_requests_total{route=\"(none)\",status=\"none\"}";
    private static final String START = "/auth/providers/strict?return=%2Fapi%2Fx";

    private final Visitor visitor = new Visitor(WORLD.browser());

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    @BeforeEach
    void signIn() {
        TestProviders.awaitReady(WORLD.browser());
        PROVIDER.signIn("ada-1", TestProviders.ADA);
        PROVIDER.received().clear();
        visitor.signIn(START);
    }

    @Test
    void signOutWhenByAFormThenLeadsOnToTheProviderAndBackToAPageThatBeginsNothing() {
        Browser before = visitor.browser().copy();
        HttpResponse<String> page = visitor.browser().send(form());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("http-equiv=\"refresh\" content=\"0; url=" + PROVIDER.issuer() + "/logout?id_token_hint=")
                .contains("post_logout_redirect_uri=https%3A%2F%2Fshop.example%2Fauth%2Fsigned-out")
                .doesNotContain("<script");
        assertThat(visitor.browser().jar()).isEmpty();
        before.awaitRefused();

        String address = page.body().replaceAll("(?s).*href=\"(" + PROVIDER.issuer() + "[^\"]*)\".*", "$1");
        assertThat(Visitor.atProvider(java.net.URI.create(address.replace("&amp;", "&"))))
                .isEqualTo("/auth/signed-out");
        HttpResponse<String> end = visitor.browser().navigate("/auth/signed-out");
        assertThat(end.statusCode()).isEqualTo(200);
        assertThat(end.body()).contains("<h1>You are signed out</h1>", "href=\"/auth/sign-in\"");
    }

    @Test
    void signOutWhenByAProgramThenItIsToldTheAddress() {
        HttpResponse<String> answer = visitor.browser().post("/auth/sign-out");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("{\"continueAt\":\"" + PROVIDER.issuer() + "/logout?id_token_hint=");
    }

    /** What the provider's address needs is read before the session ends. */
    @Test
    void signOutWhenItsClientDoesNotWaitThenTheSessionEndsAllTheSame() {
        try (Gateway node = WORLD.startPatientNode()) {
            TestProviders.awaitReady(new Browser(node.url()));
            Operator operator = new Operator(node.managementUrl());
            WORLD.redis().pause();
            try {
                try (RawConnection client = new RawConnection(node.port())) {
                    client.send("POST /auth/sign-out HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
                            + "Content-Length: 0\r\nCookie: " + cookies() + "\r\n\r\n");
                }
                await().atMost(Duration.ofSeconds(10)).until(() -> operator.meter(LEFT_BEFORE_THE_ANSWER) == 1);
            } finally {
                WORLD.redis().resume();
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> WORLD.auditNames().contains("session-revoked"));
            visitor.browser().awaitRefused();
        }
    }

    private String cookies() {
        return visitor.browser().jar().entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /** The hint is no one else's: an old token ends nothing, and learns nothing. */
    @Test
    void signOutWhenTheTokenIsStaleThenLearnsNothing() {
        Browser thief = visitor.browser().copy();
        WORLD.expireAccessToken();
        visitor.browser().get("/api/x");
        WORLD.expireAccessToken();
        visitor.browser().get("/api/x");
        assertThat(thief.post("/auth/sign-out").body()).doesNotContain("id_token_hint");
    }

    @Test
    void signOutWhenAStaleTokenOfAnotherStandsBesideOnesOwnThenLearnsNothing() {
        String stale = visitor.browser().jar().get("latchkey-refresh-1");
        assertThat(stale).isNotNull();
        for (int rotation = 0; rotation < 2; rotation++) {
            WORLD.expireAccessToken();
            visitor.browser().get("/api/x");
        }
        PROVIDER.signIn("bob-1", TestProviders.ADA);
        Visitor thief = new Visitor(WORLD.browser());
        thief.signIn(START);
        HttpResponse<String> answer = WORLD.browser()
                .send(WORLD.browser()
                        .bare("/auth/sign-out")
                        .header(
                                "Authorization",
                                "Bearer " + thief.browser().jar().get("latchkey-access"))
                        .header("Latchkey-Refresh-Token", stale)
                        .POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).doesNotContain("id_token_hint");
        thief.browser().awaitRefused();
        assertThat(visitor.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void logoutWhenTheProviderSaysSoThenItsSessionEndsAndOnlyOnce() {
        String session = WORLD.sessionOf(visitor.browser());
        HttpResponse<String> answer = logout(PROVIDER.logoutToken());
        assertThat(answer.statusCode()).isEqualTo(200);
        visitor.browser().awaitRefused();
        assertThat(WORLD.auditNames()).contains("provider-logout");
        assertThat(WORLD.audit())
                .filteredOn(event -> event.name().equals("session-revoked"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(AuditFacts.of(event, "subject")).isEqualTo("strict|ada-1");
                    assertThat(AuditFacts.of(event, "session"))
                            .isEqualTo(new SessionId(session).publicId().value());
                    assertThat(AuditFacts.of(event, "reason")).isEqualTo("upstream");
                });
    }

    @Test
    void sessionsWhenAnOperatorEndsThoseOfAProvidersUserThenTheyEnd() {
        List<PublicSessionId> ended = WORLD.gateway()
                .bean(AdminSessions.class)
                .endAllOf(new Actor("support"), new ProviderName("strict"), "ada-1")
                .map(result -> result.fold(all -> all, problem -> List.<PublicSessionId>of()))
                .blockOptional(Duration.ofSeconds(10))
                .orElseThrow();
        assertThat(ended).containsExactly(new SessionId(WORLD.sessionOf(visitor.browser())).publicId());
        visitor.browser().awaitRefused();
        assertThat(WORLD.tombstone(visitor.browser())).startsWith("ended-by-operator,");

        WORLD.clock().advance(Duration.ofSeconds(2));
        visitor.signIn(START);
        assertThat(visitor.browser().get("/api/x").statusCode())
                .as("who is still signed in there")
                .isEqualTo(200);
    }

    @Test
    void logoutWhenReplayedThenEndsNothing() {
        Map<String, Object> claims = PROVIDER.logoutClaims();
        claims.remove("sid");
        String token = PROVIDER.sign(claims, "logout+jwt");
        assertThat(logout(token).statusCode()).isEqualTo(200);
        visitor.browser().awaitRefused();

        WORLD.clock().advance(Duration.ofSeconds(2));
        PROVIDER.signIn("ada-1", TestProviders.ADA);
        visitor.signIn(START);
        assertThat(logout(token).statusCode()).isEqualTo(200);
        assertThat(visitor.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    /** The provider sends it again until it is told that all has ended. */
    @Test
    void logoutWhenRedisFailsOnTheWayThenTheSameTokenEndsTheSessionLater() {
        String token = PROVIDER.logoutToken();
        WORLD.redis().say("ACL SETUSER default resetkeys ~latchkey:used:*");
        HttpResponse<String> failed = logout(token);
        WORLD.redis().say("ACL SETUSER default allkeys");
        assertThat(failed.statusCode()).as(failed.body()).isEqualTo(503);
        assertThat(failed.headers().firstValue("Retry-After")).isPresent();

        await().atMost(Duration.ofSeconds(30)).until(() -> logout(token).statusCode() == 200);
        visitor.browser().awaitRefused();
        assertThat(logout(token).statusCode()).isEqualTo(200);
    }

    @Test
    void logoutWhenNobodyHereBelongsToItThenItIsAllTheSame() {
        Map<String, Object> claims = PROVIDER.logoutClaims();
        claims.put("sub", "nobody");
        claims.put("sid", "no-session");
        assertThat(logout(PROVIDER.sign(claims, "logout+jwt")).statusCode()).isEqualTo(200);
        assertThat(visitor.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void logoutWhenTheTokenIsForgedThenRefusedAndNothingEnds() {
        Map<String, Object> withNonce = PROVIDER.logoutClaims();
        withNonce.put("nonce", "n");
        assertRefused(PROVIDER.sign(withNonce, "logout+jwt"));
        Map<String, Object> ofAnother = PROVIDER.logoutClaims();
        ofAnother.put("iss", "http://evil.example");
        assertRefused(PROVIDER.sign(ofAnother, "logout+jwt"));
        assertRefused(PROVIDER.sign(PROVIDER.idTokenClaims("n"), "JWT"));
        assertRefused("garbage");
        assertThat(visitor.browser().get("/api/x").statusCode()).isEqualTo(200);
    }

    private void assertRefused(String token) {
        HttpResponse<String> answer = logout(token);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"invalid_request\"}");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    private static HttpResponse<String> logout(String token) {
        return TestProviders.logout(WORLD, token);
    }

    private java.net.http.HttpRequest.Builder form() {
        return visitor.browser()
                .request("/auth/sign-out")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Mode", "navigate")
                .POST(BodyPublishers.noBody());
    }

    @Test
    void lapsedWhenTheProviderKnowsTheUserThenANavigationComesBackWithoutAsking() {
        WORLD.change(visitor.browser(), "lapsed", "1");
        String lapsed = visitor.browser().session();
        WORLD.expireAccessToken();
        assertThat(visitor.browser().get("/api/x").statusCode()).isEqualTo(401);
        assertThat(visitor.browser().get("/api/x").body()).contains("session-lapsed");

        String signIn = Visitor.location(visitor.browser().navigate("/api/x")).toString();
        String start = Visitor.location(visitor.browser().navigate(signIn)).toString();
        assertThat(start).startsWith("/auth/providers/strict?").endsWith("&prompt=none");
        assertThat(Visitor.location(visitor.signIn(start))).hasToString("/api/x");
        assertThat(visitor.browser().get("/auth/session").body()).contains("strict|ada-1");
        assertThat(visitor.browser().session()).isNotEqualTo(lapsed);
    }

    /** A route may name the provider that its users are sent to: whose session it was comes first. */
    @Test
    void lapsedWhenTheRouteNamesAProviderThenTheOneThatLostItIsAskedSilently() {
        WORLD.change(visitor.browser(), "lapsed", "1");
        WORLD.expireAccessToken();
        HttpResponse<String> answer =
                visitor.browser().navigate("/auth/sign-in?return=%2Fapi%2Fx&prompt=none&provider=other");
        assertThat(Visitor.location(answer)).hasToString("/auth/providers/strict?return=%2Fapi%2Fx&prompt=none");
    }

    @Test
    void lapsedWhenTheProviderWantsToAskThenTheSignInPageSaysWhy() {
        WORLD.change(visitor.browser(), "lapsed", "1");
        WORLD.expireAccessToken();
        PROVIDER.signOut();
        String signIn = Visitor.location(visitor.browser().navigate("/api/x")).toString();
        String start = Visitor.location(visitor.browser().navigate(signIn)).toString();
        HttpResponse<String> back = visitor.signIn(start);
        HttpResponse<String> page =
                visitor.browser().navigate(Visitor.location(back).toString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Your session at Strict &amp; Co. has ended. Sign in again to go on.")
                .contains("href=\"providers/strict?return=%2Fapi%2Fx\"");
    }
}
