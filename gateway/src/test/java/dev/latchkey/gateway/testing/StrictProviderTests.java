package dev.latchkey.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.crypto.Sha256;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The provider that other tests sign in with is as strict as it says: a lenient one would prove nothing. */
final class StrictProviderTests {

    private static final String REDIRECT = "http://127.0.0.1:1/callback";
    private static final String VERIFIER = "a-verifier-of-at-least-43-characters-0123456789";

    private final StrictProvider provider = new StrictProvider();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void signIn() {
        provider.register(URI.create(REDIRECT));
        provider.signIn("ada", Map.of());
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void codeWhenItComesTwiceThenItsTokensAreVoid() {
        String code = code(Map.of());
        JsonNode first = token(exchange(code, VERIFIER), 200);
        assertThat(provider.isGood(first.path("refresh_token").asString())).isTrue();

        assertThat(token(exchange(code, VERIFIER), 400).path("error").asString())
                .isEqualTo("invalid_grant");
        assertThat(provider.isGood(first.path("refresh_token").asString())).isFalse();
    }

    @Test
    void exchangeWhenTheVerifierIsAnotherThenRefuses() {
        token(exchange(code(Map.of()), VERIFIER + "x"), 400);
    }

    @Test
    void authorizationWhenWithoutS256ThenRefuses() {
        assertThat(authorize(Map.of("code_challenge_method", "plain"))).containsKey("error");
        assertThat(authorize(Map.of("code_challenge", ""))).containsKey("error");
    }

    @Test
    void refreshTokenWhenItComesTwiceThenTheFamilyDies() {
        String first = token(exchange(code(Map.of()), VERIFIER), 200)
                .path("refresh_token")
                .asString();
        String second = token(refresh(first), 200).path("refresh_token").asString();
        assertThat(provider.isGood(second)).isTrue();

        token(refresh(first), 400);
        assertThat(provider.reused()).isEqualTo(1);
        token(refresh(second), 400);
    }

    @Test
    void refreshWhenTheUserSignedOutThenRefuses() {
        String first = token(exchange(code(Map.of()), VERIFIER), 200)
                .path("refresh_token")
                .asString();
        provider.signOut();
        token(refresh(first), 400);
        assertThat(authorize(Map.of("prompt", "none"))).containsEntry("error", List.of("login_required"));
    }

    @Test
    void tokenWhenTheSecretIsWrongThenRefusesTheClient() {
        Map<String, String> form = new LinkedHashMap<>(refresh("none"));
        form.put("client_secret", "wrong");
        assertThat(token(form, 401).path("error").asString()).isEqualTo("invalid_client");
    }

    @Test
    void tokenWhenTheAnswerIsLostThenTheTokenIsUsedUpAllTheSame() throws Exception {
        String first = token(exchange(code(Map.of()), VERIFIER), 200)
                .path("refresh_token")
                .asString();
        provider.next("/token", ProviderTrouble.loses());
        HttpRequest request = post(refresh(first));
        assertThat(client.sendAsync(request, BodyHandlers.ofString()).handle((answer, failure) -> failure != null))
                .succeedsWithin(Duration.ofSeconds(30))
                .isEqualTo(true);
        assertThat(provider.isGood(first)).isFalse();
        token(refresh(first), 400);
    }

    private String code(Map<String, String> others) {
        return authorize(others).get("code").get(0);
    }

    private Map<String, List<String>> authorize(Map<String, String> others) {
        Map<String, String> query = new LinkedHashMap<>(Map.of(
                "client_id", StrictProvider.CLIENT,
                "response_type", "code",
                "redirect_uri", REDIRECT,
                "scope", "openid",
                "state", "s",
                "nonce", "n",
                "code_challenge", Sha256.base64Url(VERIFIER),
                "code_challenge_method", "S256"));
        query.putAll(others);
        query.values().removeIf(String::isEmpty);
        QueryStringEncoder uri = new QueryStringEncoder(provider.issuer() + "/authorize");
        query.forEach(uri::addParam);
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(uri.toString())).build());
        assertThat(answer.statusCode()).isEqualTo(302);
        return new QueryStringDecoder(answer.headers().firstValue("Location").orElseThrow()).parameters();
    }

    private static Map<String, String> exchange(String code, String verifier) {
        return Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                REDIRECT,
                "code_verifier",
                verifier,
                "client_id",
                StrictProvider.CLIENT,
                "client_secret",
                StrictProvider.SECRET);
    }

    private static Map<String, String> refresh(String token) {
        return Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                token,
                "client_id",
                StrictProvider.CLIENT,
                "client_secret",
                StrictProvider.SECRET);
    }

    private JsonNode token(Map<String, String> form, int status) {
        HttpResponse<String> answer = send(post(form));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    private HttpRequest post(Map<String, String> form) {
        QueryStringEncoder body = new QueryStringEncoder("");
        form.forEach(body::addParam);
        return HttpRequest.newBuilder(URI.create(provider.issuer() + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body.toString().substring(1)))
                .build();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
