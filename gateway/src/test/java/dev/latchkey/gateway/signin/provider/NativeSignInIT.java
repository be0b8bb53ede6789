package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent.Fact;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.StrictProvider.Received;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sign-in of a native app by the code that a provider gave it. */
final class NativeSignInIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(properties());

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final NativeApp app = new NativeApp(PROVIDER, WORLD);

    private static Map<String, Object> properties() {
        Map<String, Object> all = new HashMap<>(TestProviders.properties(PROVIDER));
        all.put("latchkey.providers.strict.native-client-id", StrictProvider.NATIVE);
        all.put("latchkey.providers.strict.native-redirect-uris[0]", "http://127.0.0.1/callback");
        all.put("latchkey.providers.strict.native-redirect-uris[1]", "com.example.shop:/callback");
        return all;
    }

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
    void tokenWhenTheCodeIsGoodThenTheGatewaysTokensAndNothingOfTheProviders() {
        HttpResponse<String> answer = app.token(app.parameters());
        JsonNode tokens = NativeApp.tokens(answer);

        assertThat(tokens.propertyNames())
                .containsExactlyInAnyOrder("accessToken", "refreshToken", "expiresIn", "tokenType");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        assertThat(app.get("/auth/session", tokens).body()).contains("\"subject\":\"strict|ada-1\"", "Ada Lovelace");
        assertThat(app.get("/api/x", tokens).statusCode()).isEqualTo(200);
        assertThat(sent("/token")).hasSize(1).allSatisfy(NativeSignInIT::assertOfTheNativeClient);
        assertThat(WORLD.audit()).anySatisfy(event -> {
            assertThat(event.name()).isEqualTo("signed-in");
            assertThat(event.facts()).contains(new Fact("provider", "strict"), new Fact("subject", "strict|ada-1"));
        });
    }

    @Test
    void tokenWhenItIsJsonThenTheSame() {
        assertThat(NativeApp.tokens(app.json("/auth/token", app.parameters()))
                        .path("tokenType")
                        .asString())
                .isEqualTo("Bearer");
    }

    /** So that a client that is made from the document sends what is read. */
    @Test
    void documentWhenItDescribesTheRequestThenWithEachParameterAndNoOther() {
        JsonNode grant = new JsonMapper()
                .readTree(WORLD.browser().get("/auth/openapi.json").body())
                .at("/components/schemas/CodeGrant");
        List<String> required = new ArrayList<>();
        grant.get("required").forEach(name -> required.add(name.asString()));
        assertThat(required)
                .containsExactlyInAnyOrderElementsOf(app.parameters().keySet());
        assertThat(grant.get("properties").propertyNames()).containsExactlyInAnyOrderElementsOf(required);
    }

    @Test
    void refreshWhenTheProvidersTokensAreDueThenTheyAreRefreshedByTheNativeClient() {
        JsonNode tokens = app.signIn();
        SessionId session = NativeApp.session(tokens);
        for (int refresh = 1; refresh <= 2; refresh++) {
            long times = refresh;
            WORLD.clock().advance(Duration.ofMinutes(4).plusSeconds(30));
            tokens = app.refresh(tokens);
            await("stored, and no call left that the next could join")
                    .atMost(LIMIT)
                    .until(() ->
                            refreshes(session) == times && WORLD.operator().meter("latchkey_upstream_in_flight") == 0);
        }
        assertThat(app.get("/api/x", app.refresh(tokens)).statusCode()).isEqualTo(200);
        assertThat(PROVIDER.tokenRequests("refresh_token")).isEqualTo(2);
        assertThat(sent("/token")).hasSize(3).allSatisfy(NativeSignInIT::assertOfTheNativeClient);
        assertThat(PROVIDER.reused()).isZero();
    }

    /** How many have been stored. */
    private static long refreshes(SessionId session) {
        return Long.parseLong(WORLD.redis().say("HGET " + SessionKeys.upstream(session) + " u")) - 1;
    }

    @Test
    void signOutWhenOfANativeAppThenItsClientRevokes() {
        JsonNode tokens = app.signIn();
        var bare = WORLD.browser();
        HttpResponse<String> answer = bare.sendOnly(bare.bare("/auth/sign-out")
                .header("Authorization", "Bearer " + tokens.path("accessToken").asString())
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        await().atMost(LIMIT).until(() -> sent("/revoke").size() == 1);
        assertThat(sent("/revoke")).allSatisfy(NativeSignInIT::assertOfTheNativeClient);
        assertThat(app.get("/api/x", tokens).statusCode()).isEqualTo(401);
    }

    /** A native app's browser session is that of the provider: its end ends both. */
    @Test
    void logoutWhenItIsMadeOutToTheNativeClientThenTheAppIsSignedOut() {
        JsonNode tokens = app.signIn();
        Map<String, Object> claims = PROVIDER.logoutClaims();
        claims.put("aud", StrictProvider.NATIVE);
        assertThat(TestProviders.logout(WORLD, PROVIDER.sign(claims, "logout+jwt"))
                        .statusCode())
                .isEqualTo(200);
        await().atMost(LIMIT).until(() -> app.get("/api/x", tokens).statusCode() == 401);
    }

    @ParameterizedTest
    @CsvSource({"grant_type", "provider", "code", "code_verifier", "redirect_uri", "nonce"})
    void tokenWhenAParameterIsMissingThenSaysWhichAndSendsNothing(String name) {
        Map<String, String> parameters = app.parameters();
        parameters.put(name, "");
        assertRefused(app.token(parameters), "invalid_request", name + " is missing");
        assertThat(sent("/token")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            grant_type    | password                       | unsupported_grant_type | grant_type must be
            provider      | nobody                         | invalid_request        | native-client-id
            provider      | other                          | invalid_request        | native-client-id
            provider      | A..b                           | invalid_request        | native-client-id
            code_verifier | too-short                      | invalid_request        | code_verifier must be 43
            code_verifier | 0123456789012345678901234567890123456789012/ | invalid_request | code_verifier must be 43
            redirect_uri  | http://127.0.0.1:51004/other   | invalid_request        | native-redirect-uris
            redirect_uri  | http://127.0.0.1:65536/callback | invalid_request       | native-redirect-uris
            redirect_uri  | http://127.0.0.1:1@evil.example/callback | invalid_request | native-redirect-uris
            redirect_uri  | http://localhost:51004/callback | invalid_request       | native-redirect-uris
            redirect_uri  | https://127.0.0.1:51004/callback | invalid_request      | native-redirect-uris
            redirect_uri  | com.example.shop:/callback/x   | invalid_request        | native-redirect-uris
            username      | ada                            | invalid_request        | username does not go with
            password      | ada                            | invalid_request        | password does not go with
            """)
    void tokenWhenAParameterIsWrongThenSaysHowAndSendsNothing(
            String name, String value, String error, String description) {
        Map<String, String> parameters = app.parameters();
        parameters.put(name, value);
        assertRefused(app.token(parameters), error, description);
        assertThat(sent("/token")).isEmpty();
    }

    /** The provider compares them: a listed one that is not that of the code is no use. */
    @ParameterizedTest
    @CsvSource({
        "code_verifier,another-verifier-of-the-app-0123456789_0123456789",
        "redirect_uri,com.example.shop:/callback",
        "redirect_uri,http://127.0.0.1:51005/callback",
        "code,made up"
    })
    void tokenWhenItDoesNotFitTheCodeThenRefused(String name, String value) {
        Map<String, String> parameters = app.parameters();
        parameters.put(name, value);
        assertRefused(app.token(parameters), "invalid_grant", "the code was used");
        assertThat(sent("/token")).hasSize(1);
        assertThat(WORLD.auditNames()).contains("sign-in-refused").doesNotContain("signed-in");
    }

    @Test
    void tokenWhenTheCodeIsOfTheWebClientThenRefused() {
        PROVIDER.register(URI.create("com.example.shop:/callback"));
        Map<String, String> parameters = app.parameters();
        parameters.put("redirect_uri", "com.example.shop:/callback");
        parameters.put("code", app.code(StrictProvider.CLIENT, "com.example.shop:/callback"));
        assertRefused(app.token(parameters), "invalid_grant", "the code was used");
    }

    @Test
    void tokenWhenTheNonceIsAnothersThenRefused() {
        Map<String, String> parameters = app.parameters();
        parameters.put("nonce", "another");
        assertRefused(app.token(parameters), "invalid_grant", "not of this client and nonce");
        assertThat(WORLD.audit())
                .anySatisfy(event -> assertThat(event.facts()).contains(new Fact("reason", "rejected")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            aud   | latchkey
            azp   | latchkey
            nonce | ''
            """)
    void tokenWhenTheIdTokenIsOfTheWebClientThenRefused(String claim, String value) {
        PROVIDER.behave(strange -> strange.idTokenClaims(Map.of(claim, value)));
        assertRefused(app.token(app.parameters()), "invalid_grant", "not of this client and nonce");
    }

    /** The provider never sees it, which would revoke what it granted for it. */
    @Test
    void tokenWhenTheCodeComesTwiceThenOnlyTheFirstCounts() {
        Map<String, String> parameters = app.parameters();
        JsonNode tokens = NativeApp.tokens(app.token(parameters));
        assertRefused(app.token(parameters), "invalid_grant", "the code was used");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isEqualTo(1);
        assertThat(app.get("/api/x", tokens).statusCode()).isEqualTo(200);
    }

    @Test
    void tokenWhenTheProviderIsInTroubleThen503AndTheCodeIsSentOnce() {
        PROVIDER.next("/token", ProviderTrouble.loses());
        Map<String, String> parameters = app.parameters();
        HttpResponse<String> answer = app.token(parameters);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("provider-unavailable");
        assertRefused(app.token(parameters), "invalid_grant", "the code was used");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isEqualTo(1);
    }

    /**
     * Anyone can send a code: what the provider thinks of the native client must not hold back the other's requests.
     */
    @Test
    void tokenWhenTheProviderRefusesTheNativeClientThenBrowsersSignInAllTheSame() {
        PROVIDER.next("/token", ProviderTrouble.error(401, "invalid_client"));
        HttpResponse<String> answer = app.token(app.parameters());
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("provider-error");
        assertThat(new Visitor(WORLD.browser())
                        .signIn("/auth/providers/strict?return=%2Fapi%2Fx")
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    void tokenWhenOneAddressGuessesThenItIsSlowedDown() {
        Map<String, String> parameters = app.parameters();
        parameters.put("code", "made up");
        int last = 400;
        for (int attempt = 0; last == 400 && attempt <= 50; attempt++) {
            last = app.token(parameters).statusCode();
        }
        assertThat(last).isEqualTo(429);
        assertThat(PROVIDER.tokenRequests("authorization_code")).isEqualTo(1);
    }

    @Test
    void tokenWhenByPasswordThenAsBefore() {
        JsonNode tokens = NativeApp.tokens(app.json("/auth/token", Map.of("username", "ada", "password", "ada")));
        assertThat(app.get("/auth/session", tokens).body()).contains("\"subject\":\"ada\"");
        assertThat(app.token(Map.of("username", "ada", "password", "ada")).statusCode())
                .isEqualTo(415);
        assertThat(app.json("/auth/token", Map.of("username", "ada", "password", "wrong"))
                        .statusCode())
                .isEqualTo(401);
    }

    private static List<Received> sent(String path) {
        return PROVIDER.received(path);
    }

    private static void assertOfTheNativeClient(Received request) {
        assertThat(request.form())
                .containsEntry("client_id", StrictProvider.NATIVE)
                .doesNotContainKeys("client_secret", "client_assertion");
        assertThat(request.headers().contains("Authorization")).isFalse();
    }

    private static void assertRefused(HttpResponse<String> answer, String error, String description) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode document = JsonMapper.shared().readTree(answer.body());
        assertThat(document.path("error").asString()).isEqualTo(error);
        assertThat(document.path("error_description").asString()).contains(description);
    }
}
