package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpResponse;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the backend and what comes back, through the whole gateway. */
final class ForwardingIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Latchkey-User: superuser",
                "latchkey_user: superuser",
                "LATCHKEY.USER: superuser",
                "Latchkey-_User: superuser",
                "X-Forwarded-For: 6.6.6.6",
                "Forwarded: for=6.6.6.6",
                "X-Real-IP: 6.6.6.6",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Prefix: /evil.example",
                "X-Original-URL: /superuser",
                "X-HTTP-Method-Override: superuser",
            })
    void headerWhenSpoofedThenTheBackendSeesOnlyOurs(String line) {
        WORLD.signedInRaw("/api/x", line + "\r\n");
        assertThat(WORLD.backend().last().headers().toString())
                .doesNotContain("superuser")
                .doesNotContain("6.6.6.6")
                .doesNotContain("evil.example");
        assertThat(WORLD.identityOf(WORLD.backend().last()).getSubject()).isEqualTo("ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "authorization, close", "close, X-Forwarded-For, Authorization"})
    void connectionWhenItNamesOurHeadersThenTheyArriveAllTheSame(String connection) {
        WORLD.signedInRaw("/api/x", "", connection);
        assertThat(WORLD.identityOf(WORLD.backend().last()).getSubject()).isEqualTo("ada");
        assertThat(WORLD.backend().last().headers().get("X-Forwarded-For")).isEqualTo("127.0.0.1");
    }

    @Test
    void answerWhenItsTypeIsNoneThenItPassesAsItIs() {
        HttpResponse<String> answer = WORLD.signedIn("ada").get("/api/odd-type");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf8mb4, text/html");
    }

    @Test
    void cookiesWhenForwardedThenOursStayBehindAndTheOthersPass() {
        Browser browser = WORLD.signedIn("ada");
        var jar = browser.jar();
        jar.put("theme", "dark");
        jar.put("odd", "a=b");
        browser.putBack(jar);
        browser.get("/api/x");
        assertThat(WORLD.backend().last().headers().get("Cookie"))
                .contains("theme=dark", "odd=a=b")
                .doesNotContain("latchkey");
    }

    @Test
    void answerWhenTheBackendSetsCookiesThenItsOwnPassAndOursCannotBeForged() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        HttpResponse<String> answer = browser.get("/api/cookies");
        assertThat(Browser.cookiesOf(answer)).containsExactly("lang", "latchkey-access", "latchkey-refresh-0", "theme");
        assertThat(answer.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.contains("evil"));
        assertThat(answer.headers().firstValue("Clear-Site-Data")).isEmpty();
        assertThat(answer.headers().firstValue("Latchkey-Access-Token")).isEmpty();
        HttpResponse<String> unrotated = browser.get("/api/cookies");
        assertThat(Browser.cookiesOf(unrotated)).containsExactly("lang", "theme");
    }

    @Test
    void cacheControlWhenIdentifiedThenPrivateUnlessTheBackendSpoke() {
        Browser browser = WORLD.signedIn("ada");
        assertThat(browser.get("/api/x").headers().firstValue("Cache-Control")).contains("private");
        assertThat(browser.get("/api/cacheable").headers().firstValue("Cache-Control"))
                .contains("public, max-age=600");
        assertThat(browser.get("/open/x").headers().firstValue("Cache-Control")).isEmpty();
    }

    /** What speaks to single caches goes before the Cache-Control of ours (RFC 9213). */
    @Test
    void cachesWhenTokensAreSetThenNothingSpeaksToThemButOurs() {
        Browser browser = WORLD.signedIn("ada");
        assertThat(browser.get("/api/cdn").headers().map()).containsKeys("expires", "cdn-cache-control");
        WORLD.expireAccessToken();
        HttpResponse<String> answer = browser.get("/api/cdn");
        assertThat(Browser.cookiesOf(answer)).contains("latchkey-access");
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().map().keySet())
                .doesNotContain(
                        "expires",
                        "surrogate-control",
                        "x-accel-expires",
                        "edge-control",
                        "cdn-cache-control",
                        "cloudflare-cdn-cache-control");
    }

    @Test
    void prefixWhenThePeerIsNotTrustedThenNoRedirectHasIt() {
        Browser browser = WORLD.browser();
        var asked = browser.bare("/api/x").header("X-Forwarded-Prefix", "/shop").header("Sec-Fetch-Mode", "navigate");
        assertThat(browser.send(asked.GET()).headers().firstValue("Location"))
                .contains("/auth/sign-in?return=%2Fapi%2Fx");
    }

    /** As docs/backends.md says it to backends that are not Spring's. */
    @Test
    void identityWhenVerifiedWithNimbusThenHoldsForItsAudienceOnly() throws Exception {
        WORLD.signedIn("ada").get("/api/x");
        String identity = WORLD.backend().last().bearer();
        assertThat(processor("api").process(identity, null).getSubject()).isEqualTo("ada");
        assertThatThrownBy(() -> processor("admin").process(identity, null)).isInstanceOf(BadJWTException.class);
    }

    private static DefaultJWTProcessor<SecurityContext> processor(String audience) throws IOException {
        URL keys = URI.create(WORLD.url() + "/.well-known/jwks.json").toURL();
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.ES256, JWKSourceBuilder.create(keys).build()));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(World.ISSUER).build(), Set.of("sub", "exp", "roles")));
        return processor;
    }

    @Test
    void identityWhenSentThenNamesAudienceRolesAndAHashedSession() throws Exception {
        Browser browser = WORLD.signedIn("ada");
        browser.get("/api/x");
        var claims = WORLD.identityOf(WORLD.backend().last());
        assertThat(claims.getAudience()).containsExactly("api");
        assertThat(claims.getIssuer()).isEqualTo(World.ISSUER);
        assertThat(claims.getStringListClaim("roles")).containsExactly("customer");
        assertThat(claims.getStringClaim("sid")).isNotEqualTo(WORLD.sessionOf(browser));
        String first = WORLD.backend().last().bearer();
        browser.get("/api/y");
        assertThat(WORLD.backend().last().bearer())
                .as("signed once, then reused")
                .isEqualTo(first);
    }
}
