package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent.Fact;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.RecordingBackend;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in with a strict provider, and the ways in which it does not come to a session. */
final class ProviderSignInIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(TestProviders.properties(PROVIDER));

    private static final Pattern HIDDEN = Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\">");

    private static final String START = "/auth/providers/strict?return=%2Fapi%2Fx%3Fa%3D1";
    private static final String BACK = "/api/x?a=1";

    private final Visitor visitor = new Visitor(WORLD.browser());

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    @BeforeEach
    void signInAtProvider() {
        TestProviders.begin(PROVIDER, WORLD);
    }

    @Test
    void signInWhenAllIsWellThenASessionOfTheProvidersUser() {
        HttpResponse<String> answer = visitor.signIn(START);

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(answer)).hasToString(BACK);
        assertThat(Browser.cookiesOf(answer)).contains("latchkey-access", "latchkey-refresh-0", "latchkey-refresh-1");
        assertThat(visitor.attempts()).isEmpty();
        assertThat(visitor.browser().get("/auth/session").body())
                .contains("\"subject\":\"strict|ada-1\"", "\"name\":\"Ada Lovelace\"", "\"email\":\"ada@shop.example\"")
                .contains("\"roles\":[\"customer\"]");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isEqualTo(1);
        assertThat(WORLD.audit()).anySatisfy(event -> {
            assertThat(event.name()).isEqualTo("signed-in");
            assertThat(event.facts()).contains(new Fact("provider", "strict"), new Fact("subject", "strict|ada-1"));
        });
    }

    @Test
    void backendWhenAProvidersUserComesThenGetsTheirNameAndNoneOfTheGatewaysCookies() throws Exception {
        visitor.signIn(START);
        visitor.begin(START);
        assertThat(visitor.attempts()).hasSize(1);
        visitor.browser().get("/api/x");

        RecordingBackend.Received request = WORLD.backend().last();
        assertThat(request.headers().get("Cookie")).isNull();
        var identity = WORLD.identityOf(request);
        assertThat(identity.getSubject()).isEqualTo("strict|ada-1");
        assertThat(identity.getStringClaim("name")).isEqualTo("Ada Lovelace");
        assertThat(identity.getStringClaim("email")).isEqualTo("ada@shop.example");
    }

    @Test
    void startWhenNavigatedThenAsksWithPkceStateAndNonceInTheBackground() {
        URI address = visitor.begin(START);
        assertThat(address.toString())
                .startsWith(PROVIDER.issuer() + "/authorize?")
                .doesNotContain("state=");
        Map<String, String> asked = PROVIDER.received("/par").get(0).form();
        assertThat(asked)
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("response_type", "code")
                .containsEntry("redirect_uri", World.ORIGIN + "/auth/providers/strict/callback")
                .containsKeys("state", "nonce", "code_challenge", "scope");
    }

    /** As for a picture of a page whose user is signed out. */
    @Test
    void startWhenNoPersonNavigatesThenNothingBegins() {
        HttpResponse<String> answer =
                visitor.browser().send(visitor.browser().request(START).header("Sec-Fetch-Mode", "no-cors"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(visitor.attempts()).isEmpty();
    }

    @Test
    void twoTabsWhenBothComeBackThenOneSessionAndEachItsOwnPath() {
        URI first = visitor.begin(START);
        URI second = visitor.begin("/auth/providers/strict?return=%2Fapi%2Fsecond");
        WORLD.clock().advance(Duration.ofSeconds(2));
        visitor.browser().navigate(Visitor.atProvider(first));
        String session = visitor.browser().session();

        HttpResponse<String> answer = visitor.browser().navigate(Visitor.atProvider(second));

        assertThat(Visitor.location(answer)).hasToString("/api/second");
        assertThat(visitor.browser().session()).isEqualTo(session);
        assertThat(visitor.attempts()).isEmpty();
        assertThat(WORLD.auditNames()).containsOnlyOnce("signed-in").doesNotContain("session-revoked");
    }

    @Test
    void twoTabsWhenTheSecondIsSomeoneElseThenTheFirstSessionEnds() {
        URI second = visitor.begin("/auth/providers/strict?return=%2Fapi%2Fsecond");
        WORLD.clock().advance(Duration.ofSeconds(2));
        visitor.signIn(START);
        Browser first = visitor.browser().copy();
        PROVIDER.signIn("grace-1", Map.of("name", "Grace"));

        visitor.browser().navigate(Visitor.atProvider(second));

        assertThat(visitor.browser().get("/auth/session").body()).contains("strict|grace-1");
        first.awaitRefused();
    }

    @Test
    void attemptWhenTheUserTookTooLongThenBeginsAnewOnceAndThenAPersonDecides() {
        String late = Visitor.atProvider(visitor.begin(START));
        WORLD.clock().advance(Duration.ofMinutes(11));
        HttpResponse<String> again = visitor.browser().navigate(late);
        assertThat(again.statusCode()).isEqualTo(303);
        assertThat(visitor.attempts()).hasSize(1);

        String later = Visitor.atProvider(Visitor.location(again));
        WORLD.clock().advance(Duration.ofMinutes(11));
        HttpResponse<String> page = visitor.browser().navigate(later);
        assertPage(page, 400, "This sign-in took too long");
        assertThat(page.body()).contains("href=\"/auth/providers/strict?return=%2Fapi%2Fx%3Fa%3D1\"");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isZero();
        assertThat(visitor.attempts()).isEmpty();
    }

    @Test
    void attemptWhenBegunAnewThenLeadsToTheSamePath() {
        String late = Visitor.atProvider(visitor.begin(START));
        WORLD.clock().advance(Duration.ofMinutes(11));
        URI again = Visitor.location(visitor.browser().navigate(late));
        HttpResponse<String> answer = visitor.browser().navigate(Visitor.atProvider(again));
        assertThat(Visitor.location(answer)).hasToString(BACK);
    }

    @Test
    void callbackWhenItComesTwiceThenLeadsOnAndTheCodeIsSentOnce() {
        String callback = Visitor.atProvider(visitor.begin(START));
        Map<String, String> before = visitor.browser().jar();
        visitor.browser().navigate(callback);
        assertThat(Visitor.location(visitor.browser().navigate(callback))).hasToString("/");

        Visitor replayed = new Visitor(WORLD.browser());
        replayed.browser().putBack(before);
        HttpResponse<String> answer = replayed.browser().navigate(callback);
        assertThat(Visitor.location(answer).toString())
                .startsWith(PROVIDER.issuer().toString());
        assertThat(PROVIDER.tokenRequests("authorization_code")).isEqualTo(1);
    }

    @Test
    void callbackWhenTheBrowserDidNotBeginThenNobodyIsSignedIn() {
        String attackers = Visitor.atProvider(visitor.begin(START));
        Browser victim = WORLD.browser();
        assertPage(victim.navigate(attackers), 400, "This sign-in has ended");
        assertThat(victim.jar()).isEmpty();
        assertThat(PROVIDER.tokenRequests("authorization_code")).isZero();
    }

    @Test
    void callbackWhenTheStateIsAnothersThenRefused() {
        String callback = Visitor.atProvider(visitor.begin(START));
        String state = callback.replaceAll(".*state=([^&]*).*", "$1");
        String forged = callback.replace(state, state.substring(0, 21) + (state.endsWith("A") ? "B" : "A"));
        assertPage(visitor.browser().navigate(forged), 400, "This sign-in has ended");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isZero();
    }

    /** A sealed cookie opens under its own name alone, so that an attempt cannot be put in another's place. */
    @Test
    void callbackWhenTheAttemptIsAnothersThenRefused() {
        Visitor attacker = new Visitor(WORLD.browser());
        attacker.begin(START);
        String callback = Visitor.atProvider(visitor.begin(START));
        String foreign = attacker.browser().jar().get(attacker.attempts().get(0));
        visitor.browser().putBack(Map.of(visitor.attempts().get(0), foreign));
        assertPage(visitor.browser().navigate(callback), 400, "This sign-in has ended");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isZero();
    }

    /** With the code of someone else's attempt the verifier does not fit. */
    @Test
    void callbackWhenTheCodeIsAnothersThenNobodyIsSignedIn() {
        String others = Visitor.atProvider(new Visitor(WORLD.browser()).begin(START));
        String own = Visitor.atProvider(visitor.begin(START));
        String injected = own.replaceAll("code=[^&]*", others.replaceAll(".*(code=[^&]*).*", "$1"));
        HttpResponse<String> answer = visitor.browser().navigate(injected);
        assertThat(Visitor.location(answer).toString())
                .startsWith(PROVIDER.issuer().toString());
        assertThat(visitor.browser().jar()).doesNotContainKey("latchkey-access");
    }

    @ParameterizedTest
    @CsvSource({"iss=http%3A%2F%2Fevil.example", "''"})
    void callbackWhenTheIssuerIsAnotherOrMissingThenRejected(String issuer) {
        String callback = Visitor.atProvider(visitor.begin(START)).replaceAll("iss=[^&]*", issuer);
        assertPage(visitor.browser().navigate(callback), 400, "This sign-in was stopped");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isZero();
        assertThat(visitor.attempts()).isEmpty();
    }

    @Test
    void callbackWhenItComesToAnotherProvidersAddressThenRefused() {
        String callback = Visitor.atProvider(visitor.begin(START));
        assertPage(visitor.browser().navigate(callback.replace("/strict/", "/other/")), 400, "This sign-in has ended");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isZero();
    }

    @Test
    void callbackWhenTheNonceIsAnothersThenRejectedAndAudited() {
        String callback = Visitor.atProvider(visitor.begin(START));
        PROVIDER.behave(strange -> strange.idTokenClaims(Map.of("nonce", "another")));
        assertPage(visitor.browser().navigate(callback), 400, "This sign-in was stopped");
        assertThat(visitor.browser().jar()).doesNotContainKey("latchkey-access");
        assertThat(WORLD.audit())
                .anySatisfy(event -> assertThat(event.facts()).contains(new Fact("reason", "rejected")));
    }

    @Test
    void callbackWhenAParameterIsThereTwiceThenRefused() {
        String callback = Visitor.atProvider(visitor.begin(START));
        assertPage(visitor.browser().navigate(callback + "&code=other"), 400, "This sign-in has ended");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isZero();
    }

    @Test
    void callbackWhenTheUserWasDeniedThenAPageAndNoLoop() {
        URI address = visitor.begin(START);
        PROVIDER.signOut();
        HttpResponse<String> page = visitor.browser().navigate(Visitor.atProvider(address));
        assertPage(page, 403, "You are not signed in");
        assertThat(page.body()).contains("Sign in with Strict &amp; Co.").doesNotContain("<script");
        assertThat(visitor.attempts()).isEmpty();
    }

    @Test
    void callbackWhenTheProviderCannotNowThenOnceAgainAndThenAPage() {
        String again = failed(visitor.begin(START), "temporarily_unavailable");
        HttpResponse<String> second = visitor.browser().navigate(again);
        assertThat(second.statusCode()).isEqualTo(303);
        HttpResponse<String> page =
                visitor.browser().navigate(failed(Visitor.location(second), "temporarily_unavailable"));
        assertPage(page, 503, "This is not working right now");
        assertThat(page.headers().firstValue("Retry-After")).isPresent();
    }

    /** The words of the address are nowhere on the page. */
    @Test
    void callbackWhenTheErrorIsStrangeThenAPageWithoutItsWords() {
        String error = failed(visitor.begin(START), "%3Cb%3Ecall+555") + "&error_description=evil";
        HttpResponse<String> page = visitor.browser().navigate(error);
        assertPage(page, 502, "This is not working right now");
        assertThat(page.body()).doesNotContain("call", "evil");
    }

    @Test
    void callbackWhenTheTokenRequestIsLostThenOnceAgain() {
        String callback = Visitor.atProvider(visitor.begin(START));
        PROVIDER.next("/token", ProviderTrouble.loses());
        HttpResponse<String> again = visitor.browser().navigate(callback);
        assertThat(PROVIDER.tokenRequests("authorization_code")).isEqualTo(1);
        HttpResponse<String> answer = visitor.browser().navigate(Visitor.atProvider(Visitor.location(again)));
        assertThat(Visitor.location(answer)).hasToString(BACK);
    }

    @Test
    void callbackWhenItIsAFormThenLeadsToTheSameWithAQuery() {
        String callback = Visitor.atProvider(visitor.begin(START));
        int query = callback.indexOf('?');
        HttpResponse<String> answer = visitor.browser()
                .sendOnly(visitor.browser()
                        .bare(callback.substring(0, query))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Sec-Fetch-Mode", "navigate")
                        .header("Origin", PROVIDER.issuer().toString())
                        .POST(BodyPublishers.ofString(callback.substring(query + 1))));
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(
                        visitor.browser().navigate(Visitor.location(answer).toString())))
                .hasToString(BACK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https%3A%2F%2Fevil.example",
                "%2F%2Fevil.example",
                "%2F%5Cevil.example",
                "%5C%5Cevil.example",
                "javascript%3Aalert(1)",
                "%2F%0A%2Fevil.example"
            })
    void returnWhenItLeadsElsewhereThenToTheRoot(String evil) {
        HttpResponse<String> answer = visitor.signIn("/auth/providers/strict?return=" + evil);
        assertThat(Visitor.location(answer)).hasToString("/");
    }

    @Test
    void returnWhenItIsLongThenKept() {
        String path = "/api/" + "x".repeat(3000);
        String signIn = Visitor.location(visitor.browser().navigate(path)).toString();
        assertThat(signIn).contains("attempt=").hasSizeLessThan(200);
        HttpResponse<String> answer =
                visitor.signIn("/auth/providers/strict?" + signIn.substring(signIn.indexOf('?') + 1));
        assertThat(Visitor.location(answer)).hasToString(path);
    }

    /** Then the person takes the provider. */
    @Test
    void returnWhenItIsLongAndAPasswordWasWrongThenKept() {
        String path = "/api/" + "x".repeat(3000);
        String signIn = Visitor.location(visitor.browser().navigate(path)).toString();
        String hidden = HIDDEN.matcher(visitor.browser().navigate(signIn).body())
                .results()
                .map(field -> "&" + field.group(1) + "=" + field.group(2))
                .collect(Collectors.joining());
        HttpResponse<String> wrong = visitor.browser()
                .send(visitor.browser()
                        .request("/auth/sign-in")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=ada&password=no" + hidden)));
        assertThat(wrong.statusCode()).isEqualTo(401);
        String choice = wrong.body().replaceAll("(?s).*href=\"(providers/strict[^\"]*)\".*", "$1");
        assertThat(Visitor.location(visitor.signIn("/auth/" + choice))).hasToString(path);
    }

    @Test
    void attemptsWhenManyBeginThenTheOldestGo() {
        List<URI> all = IntStream.range(0, 7)
                .mapToObj(tab -> {
                    WORLD.clock().advance(Duration.ofSeconds(1));
                    return visitor.begin(START);
                })
                .toList();
        assertThat(visitor.attempts()).hasSize(5);
        assertPage(visitor.browser().navigate(Visitor.atProvider(all.get(0))), 400, "This sign-in has ended");
        assertThat(Visitor.location(visitor.browser().navigate(Visitor.atProvider(all.get(6)))))
                .hasToString(BACK);
    }

    @Test
    void stepUpWhenTheProviderIgnoresItThenRefused() {
        String callback = Visitor.atProvider(visitor.begin(START + "&max_age=60&acr_values=gold"));
        PROVIDER.behave(strange -> strange.idTokenClaims(Map.of("acr", "bronze")));
        assertPage(visitor.browser().navigate(callback), 403, "This sign-in does not suffice");
        assertThat(visitor.browser().jar()).doesNotContainKey("latchkey-access");
    }

    @Test
    void stepUpWhenSignedInThenANewSessionInPlaceOfTheOld() {
        visitor.signIn(START);
        Browser before = visitor.browser().copy();
        WORLD.clock().advance(Duration.ofSeconds(5));

        HttpResponse<String> answer = visitor.signIn(START + "&acr_values=gold");

        assertThat(Visitor.location(answer)).hasToString(BACK);
        assertThat(visitor.browser().session()).isNotEqualTo(before.session());
        before.awaitRefused();
    }

    @Test
    void signInWhenTheUserHasTooManyRolesForACookieThenSaysSo() {
        PROVIDER.signIn(
                "ada-1",
                Map.of(
                        "roles",
                        IntStream.range(0, 400).mapToObj(i -> "role-" + i).toList()));
        HttpResponse<String> page = visitor.signIn(START);
        assertPage(page, 403, "You cannot sign in here");
        assertThat(page.body()).contains("operator of this site");
    }

    @Test
    void startWhenTheProviderIsUnknownThenThereIsNothing() {
        assertThat(visitor.browser().navigate("/auth/providers/nobody").statusCode())
                .isEqualTo(404);
        assertThat(visitor.browser().navigate("/auth/providers/A..b/callback").statusCode())
                .isEqualTo(404);
    }

    @Test
    void startWhenTheProviderIsAwayThenAPageWith503() {
        assertPage(
                visitor.browser().navigate("/auth/providers/other?return=%2F"), 503, "This is not working right now");
    }

    @Test
    void signInPageWhenThereAreSeveralWaysThenOffersThemAll() {
        HttpResponse<String> page = visitor.browser().navigate("/auth/sign-in?return=%2Fapi%2Fx");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("name=\"password\"")
                .contains("href=\"providers/strict?return=%2Fapi%2Fx\"", "Sign in with Strict &amp; Co.")
                .contains("href=\"providers/other?return=%2Fapi%2Fx\"");
    }

    /** Of a callback that the provider answers with an error: the address here. */
    private static String failed(URI address, String error) {
        return Visitor.atProvider(address).replaceAll("code=[^&]*", "error=" + error);
    }

    private static void assertPage(HttpResponse<String> page, int status, String title) {
        assertThat(page.statusCode()).as(page.body()).isEqualTo(status);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(page.body()).contains("<h1>" + title + "</h1>");
    }
}
