package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.provider.ClientType;
import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.Judgement;
import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.TokenAnswer;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Roles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of {@link StrictProvider} that reads its answers by the table of the protocol, with a transport that sends
 * once. What is tested with it is the flight; the gateway's own client has its own tests.
 */
final class StrictProviderClient implements ProviderClient {

    static final ProviderName NAME = new ProviderName("strict");

    private static final URI BACK = URI.create("https://gateway.example/auth/providers/strict/callback");
    private static final String VERIFIER = "v".repeat(64);
    private static final Set<String> REFUSALS = Set.of("invalid_grant", "interaction_required", "login_required");

    private final StrictProvider provider;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private volatile Timing timing =
            new Timing(Duration.ofSeconds(8), Duration.ofSeconds(12), Duration.ofSeconds(5), Duration.ofHours(1));
    private volatile boolean keysAreAway;

    StrictProviderClient(StrictProvider provider) {
        this.provider = provider;
        provider.register(BACK);
    }

    void timing(Timing value) {
        timing = value;
    }

    /** Whether the keys of the provider cannot be had. */
    void keysAreAway(boolean value) {
        keysAreAway = value;
    }

    /** Signs a user in by code and PKCE, as a gateway would, and gives what came. */
    TokenAnswer.Granted signIn(String sub, Map<String, Object> claims) {
        provider.signIn(sub, claims);
        return signInAgain();
    }

    /** The same for who is signed in there, in the session that they have. */
    TokenAnswer.Granted signInAgain() {
        Map<String, String> asked = Map.of(
                "response_type", "code",
                "client_id", StrictProvider.CLIENT,
                "redirect_uri", BACK.toString(),
                "scope", "openid offline_access",
                "state", "s",
                "nonce", "n",
                "code_challenge_method", "S256",
                "code_challenge", Sha256.base64Url(VERIFIER));
        HttpResponse<String> redirect =
                get(HttpRequest.newBuilder(URI.create(provider.issuer() + "/authorize?" + form(asked))));
        String location = redirect.headers().firstValue("Location").orElseThrow();
        String code = location.replaceFirst(".*[?&]code=([^&]*).*", "$1");
        TokenAnswer answer = read(get(post(
                "/token",
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        BACK.toString(),
                        "code_verifier",
                        VERIFIER))));
        return (TokenAnswer.Granted) answer;
    }

    /** Whom an ID token is about, by what it says. */
    static ProviderUser user(String idToken) {
        JsonNode claims = claims(idToken);
        List<String> roles = StreamSupport.stream(claims.path("roles").spliterator(), false)
                .map(JsonNode::asString)
                .toList();
        return new ProviderUser(
                NAME,
                claims.path("sub").asString(""),
                Optional.ofNullable(claims.path("sid").asString(null)),
                Optional.empty(),
                Optional.ofNullable(claims.path("name").asString(null)),
                Optional.empty(),
                Roles.of(roles),
                Optional.of(claims.path("auth_time"))
                        .filter(JsonNode::isNumber)
                        .map(time -> Instant.ofEpochSecond(time.asLong())),
                Optional.ofNullable(claims.path("acr").asString(null)));
    }

    private static JsonNode claims(String idToken) {
        byte[] json = Base64.getUrlDecoder().decode(idToken.split("\\.", -1)[1]);
        return JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
    }

    @Override
    public boolean isConfigured() {
        return true;
    }

    @Override
    public Optional<Timing> timing(ProviderName name) {
        return name.equals(NAME) ? Optional.of(timing) : Optional.empty();
    }

    @Override
    public Mono<TokenAnswer> refresh(ProviderName name, UpstreamTokens held, Duration within) {
        return send(post(
                        "/token",
                        Map.of(
                                "grant_type",
                                "refresh_token",
                                "refresh_token",
                                held.refresh().orElseThrow()))
                .timeout(within));
    }

    @Override
    public Mono<TokenAnswer> exchange(ProviderName name, UpstreamTokens held, String audience) {
        return send(post(
                "/token",
                Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token",
                        held.access().orElseThrow(),
                        "audience",
                        audience)));
    }

    private Mono<TokenAnswer> send(HttpRequest.Builder request) {
        return Mono.fromFuture(() -> http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()), true)
                .map(StrictProviderClient::read)
                .onErrorResume(failure -> Mono.just(unsent(failure)));
    }

    private static TokenAnswer unsent(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ConnectException ? new TokenAnswer.Unsent("connect") : new TokenAnswer.Unknown("reset");
    }

    @Override
    public Mono<Judgement> judge(ProviderName name, String idToken, Expected expected, UpstreamTokens granted) {
        if (keysAreAway) {
            return Mono.just(new Judgement.KeysAway());
        }
        ProviderUser user = user(idToken);
        return Mono.just(
                expected.sub().equals(Optional.of(user.sub()))
                        ? new Judgement.Good(user)
                        : new Judgement.Forged("it is about someone else"));
    }

    @Override
    public Mono<Void> revoke(ProviderName name, UpstreamTokens tokens) {
        return send(post("/revoke", Map.of("token", tokens.refresh().orElseThrow())))
                .then();
    }

    private static TokenAnswer read(HttpResponse<String> response) {
        try {
            JsonNode body = JsonMapper.shared().readTree(response.body());
            String error = body.path("error").asString("");
            if (response.statusCode() == 200 && body.has("access_token")) {
                return granted(body);
            }
            if ((response.statusCode() == 400 || response.statusCode() == 401) && !error.isEmpty()) {
                return REFUSALS.contains(error) ? new TokenAnswer.Refused(error) : new TokenAnswer.Ours(error);
            }
        } catch (JacksonException notJson) {
            // Said below.
        }
        Optional<Duration> after = response.headers()
                .firstValue("Retry-After")
                .map(Long::parseLong)
                .map(Duration::ofSeconds);
        boolean isTrouble = response.statusCode() == 429 || (response.statusCode() == 503 && after.isPresent());
        return isTrouble ? new TokenAnswer.Trouble(after) : new TokenAnswer.Unknown("" + response.statusCode());
    }

    private static TokenAnswer granted(JsonNode body) {
        return new TokenAnswer.Granted(
                new UpstreamTokens(
                        ClientType.CONFIDENTIAL,
                        Optional.ofNullable(body.path("refresh_token").asString(null)),
                        Optional.ofNullable(body.path("access_token").asString(null)),
                        Optional.ofNullable(body.path("id_token").asString(null)),
                        "",
                        Optional.empty()),
                Duration.ofSeconds(body.path("expires_in").asLong(300)),
                Optional.empty());
    }

    private HttpRequest.Builder post(String path, Map<String, String> form) {
        String pair = URLEncoder.encode(StrictProvider.CLIENT, StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(StrictProvider.SECRET, StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(URI.create(provider.issuer() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(form(form)));
    }

    private static String form(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private HttpResponse<String> get(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
