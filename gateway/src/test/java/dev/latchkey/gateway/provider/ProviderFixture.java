package dev.latchkey.gateway.provider;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.provider.AuthorizationRequests.At;
import dev.latchkey.gateway.provider.AuthorizationRequests.Parameters;
import dev.latchkey.gateway.provider.transport.Transport;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.token.ProviderName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.FileSystemUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The room as the gateway puts it together, with a strict provider on the other side, and a clock for its pauses. */
final class ProviderFixture implements AfterEachCallback {

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final URI REDIRECT = URI.create("http://127.0.0.1:1/auth/providers/strict/callback");
    static final String VERIFIER = "a-verifier-of-at-least-43-characters-0123456789";
    static final String NONCE = "nonce-of-this-attempt";

    private final TestClock clock = new TestClock();
    private final AtomicLong nanos = new AtomicLong();
    private final StrictProvider server = new StrictProvider(clock);
    private final Scheduler scheduler = Schedulers.newBoundedElastic(4, 1000, "test-providers", 10, true);
    private final Transport transport = new Transport(scheduler);
    private final ProviderKeys keys = new ProviderKeys(nanos::get);
    private final SignedClaims claims = new SignedClaims(keys, clock, scheduler);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Path folder = newFolder();
    private final Path secret = folder.resolve("client-secret");

    ProviderFixture() {
        write(StrictProvider.SECRET + "\n");
        server.register(REDIRECT);
        server.signIn("ada", Map.of("name", "Ada Lovelace", "email", "ada@example.org", "roles", List.of("customer")));
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("latchkey-providers");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** For what the settings name; the client's secret is in {@code client-secret}. */
    Path folder() {
        return folder;
    }

    void write(String text) {
        try {
            Files.writeString(secret, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StrictProvider server() {
        return server;
    }

    TestClock clock() {
        return clock;
    }

    ProviderKeys keys() {
        return keys;
    }

    SimpleMeterRegistry meters() {
        return meters;
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    TokenCalls calls() {
        return new TokenCalls(scheduler, meters);
    }

    IdTokens idTokens() {
        return new IdTokens(claims, new UserInfo(scheduler, meters));
    }

    LogoutTokens logoutTokens() {
        return new LogoutTokens(claims);
    }

    AuthorizationRequests requests() {
        return new AuthorizationRequests(scheduler);
    }

    Revocations revocations() {
        return new Revocations(scheduler);
    }

    Discovery discovery(Provider provider) {
        return new Discovery(new Providers(List.of(provider)), keys, scheduler);
    }

    /** One that the gateway knows nothing of yet. */
    Provider unknown(Map<String, String> settings) {
        return new Provider(new ProviderName("strict"), settings(settings), transport, nanos::get);
    }

    ProviderSettings settings(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(Map.of(
                "issuer", server.issuer().toString(),
                "client-id", StrictProvider.CLIENT,
                "client-secret-file", secret.toString()));
        all.putAll(others);
        all.values().removeIf(String::isEmpty);
        Map<String, String> properties = new HashMap<>();
        all.forEach((name, value) -> properties.put("latchkey.providers.strict." + name, value));
        Map<String, ProviderSettings> bound = new Binder(new MapConfigurationPropertySource(properties))
                .bind("latchkey", ProviderProperties.class)
                .get()
                .providers();
        return Objects.requireNonNull(bound.get("strict"));
    }

    /** One whose metadata was read. */
    Provider ready(Map<String, String> settings) {
        Provider provider = unknown(settings);
        Discovery discovery = discovery(provider);
        discovery.start();
        await().atMost(LIMIT).until(provider::isReady);
        await().atMost(LIMIT).until(() -> block(keys.find(provider, null)).isKnown());
        discovery.stop();
        return provider;
    }

    /** A code that the provider granted to this gateway. */
    String code(Provider provider) {
        URI address = address(provider, parameters());
        String location = get(address);
        return Objects.requireNonNull(
                        new QueryStringDecoder(location).parameters().get("code"))
                .get(0);
    }

    static Parameters parameters() {
        return new Parameters(
                REDIRECT,
                "state-of-this-attempt",
                NONCE,
                Sha256.base64Url(VERIFIER),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    URI address(Provider provider, Parameters parameters) {
        return block(requests().address(provider, parameters)).fold(At::uri, away -> {
            throw new AssertionError(away.why());
        });
    }

    /** Where it redirects to. */
    static String get(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            return connection.getHeaderField("Location");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TokenAnswer exchange(Provider provider) {
        return block(calls().exchange(provider, ClientType.CONFIDENTIAL, code(provider), VERIFIER, REDIRECT));
    }

    UpstreamTokens tokens(Provider provider) {
        return ((TokenAnswer.Granted) exchange(provider)).tokens();
    }

    TokenAnswer refresh(Provider provider, UpstreamTokens held) {
        return block(calls().refresh(provider, held, LIMIT));
    }

    static <T> T block(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LIMIT));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        transport.close();
        server.close();
        scheduler.dispose();
        FileSystemUtils.deleteRecursively(folder);
    }
}
