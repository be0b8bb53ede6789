package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A native app, which signs its user in at the provider by itself and has no cookies. */
final class NativeApp {

    static final String VERIFIER = "verifier-of-the-app.0123456789_0123456789~0123456789";
    static final String NONCE = "nonce of the app";
    static final String REDIRECT = "http://127.0.0.1:51004/callback";

    private final HttpClient client = HttpClient.newHttpClient();
    private final StrictProvider provider;
    private final World world;

    NativeApp(StrictProvider provider, World world) {
        this.provider = provider;
        this.world = world;
        provider.register(URI.create(REDIRECT));
    }

    /** What the provider sends to the app's redirect URI. */
    String code(String clientId, String redirect) {
        QueryStringEncoder uri = new QueryStringEncoder(provider.issuer() + "/authorize");
        Map.of(
                        "client_id",
                        clientId,
                        "response_type",
                        "code",
                        "redirect_uri",
                        redirect,
                        "scope",
                        "openid profile",
                        "state",
                        "s",
                        "nonce",
                        NONCE,
                        "code_challenge",
                        Sha256.base64Url(VERIFIER),
                        "code_challenge_method",
                        "S256")
                .forEach(uri::addParam);
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri.toString())).build();
        try {
            URI back = Visitor.location(client.send(request, BodyHandlers.ofString()));
            return back.toString().replaceAll(".*[?&]code=([^&]*).*", "$1");
        } catch (IOException failure) {
            throw new AssertionError("no answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** All that a token request needs, with a code of now. */
    Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("grant_type", "authorization_code");
        all.put("provider", "strict");
        all.put("code", code(StrictProvider.NATIVE, REDIRECT));
        all.put("code_verifier", VERIFIER);
        all.put("redirect_uri", REDIRECT);
        all.put("nonce", NONCE);
        return all;
    }

    HttpResponse<String> token(Map<String, String> parameters) {
        QueryStringEncoder form = new QueryStringEncoder("");
        parameters.forEach(form::addParam);
        return post(
                "/auth/token",
                "application/x-www-form-urlencoded",
                form.toString().replaceFirst("^\\?", ""));
    }

    HttpResponse<String> json(String path, Map<String, String> body) {
        return post(path, "application/json", JsonMapper.shared().writeValueAsString(body));
    }

    private HttpResponse<String> post(String path, String type, String body) {
        Browser bare = world.browser();
        return bare.sendOnly(bare.bare(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path, JsonNode tokens) {
        Browser bare = world.browser();
        return bare.sendOnly(bare.bare(path)
                .header("Authorization", "Bearer " + tokens.path("accessToken").asString()));
    }

    /** Signs in: the tokens of the gateway. */
    JsonNode signIn() {
        return tokens(token(parameters()));
    }

    JsonNode refresh(JsonNode tokens) {
        return tokens(json(
                "/auth/refresh",
                Map.of("refreshToken", tokens.path("refreshToken").asString())));
    }

    static SessionId session(JsonNode tokens) {
        byte[] claims = Base64.getUrlDecoder()
                .decode(tokens.path("accessToken").asString().split("\\.", -1)[1]);
        return new SessionId(JsonMapper.shared().readTree(claims).path("sid").asString());
    }

    static JsonNode tokens(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }
}
