package dev.latchkey.gateway.oidcprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.ProviderTrouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process of the provider; it rotates refresh tokens, and ends the grant of one that comes twice. */
final class OidcProvider implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)");

    private final Process process;
    private final String issuer;
    private final Thread atExit = new Thread(this::end, "oidc-provider-end");

    private OidcProvider(Process process, Path log) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(atExit);
        await("oidc-provider, which writes to " + log)
                .atMost(LIMIT)
                .failFast("oidc-provider ended: see " + log, () -> !process.isAlive())
                .until(() -> listening(log).find());
        Matcher listening = listening(log);
        assertThat(listening.find()).isTrue();
        this.issuer = "http://127.0.0.1:" + listening.group(1);
    }

    /**
     * @param clients that are registered with it, as OpenID Connect Dynamic Client Registration 1.0 names their facts
     */
    static OidcProvider start(List<Map<String, Object>> clients) {
        Path home = OidcProviderPackage.home();
        try {
            Path registered = home.resolve("clients.json");
            Files.writeString(registered, JsonMapper.shared().writeValueAsString(clients));
            Path log = home.resolveSibling("provider.txt");
            Process process = new ProcessBuilder("node", "provider.mjs", registered.toString())
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new OidcProvider(process, log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Matcher listening(Path log) {
        try {
            return LISTENING.matcher(Files.readString(log));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String issuer() {
        return issuer;
    }

    /** The next token request goes wrong so; several in order. */
    void next(ProviderTrouble trouble) {
        send(
                "/test/next",
                "POST",
                Map.of(
                        "before", trouble.before().toMillis(),
                        "after", trouble.after().toMillis(),
                        "works", trouble.works(),
                        "answer", trouble.answer(),
                        "status", trouble.status(),
                        "headers", trouble.headers(),
                        "body", trouble.body()));
    }

    /** What it sends to an origin goes to this address. */
    void reach(String origin, String url) {
        send("/test/reach", "POST", Map.of("origin", origin, "url", url));
    }

    /** Forgets what happened, and what was to go wrong. */
    void forget() {
        send("/test/seen", "DELETE", Map.of());
    }

    /** How many token requests with a refresh token came. */
    int refreshes() {
        return seen().required("grants").path("refresh_token").asInt(0);
    }

    /** How many refresh tokens came a second time. */
    int reused() {
        return seen().required("reused").asInt();
    }

    /** All that it counted, for messages of tests. */
    JsonNode seen() {
        return JsonMapper.shared().readTree(send("/test/seen", "GET", Map.of()));
    }

    private String send(String path, String method, Map<String, Object> body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + path))
                    .timeout(LIMIT)
                    .method(method, BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)))
                    .build();
            var answer = CLIENT.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isBetween(200, 299);
            return answer.body();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        process.destroyForcibly().onExit().join();
    }
}
