package dev.latchkey.gateway.signin.provider;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A gateway that knows a strict provider by the name {@code strict}, and one that is away as {@code other}. */
public final class TestProviders {

    static final Map<String, Object> ADA =
            Map.of("name", "Ada Lovelace", "email", "ada@shop.example", "roles", List.of("customer"));

    private TestProviders() {}

    public static Map<String, Object> properties(StrictProvider provider) {
        provider.register(URI.create(World.ORIGIN + "/auth/providers/strict/callback"));
        provider.register(URI.create(World.ORIGIN + "/auth/signed-out"));
        Map<String, Object> all = new HashMap<>();
        all.put("latchkey.providers.strict.issuer", provider.issuer().toString());
        all.put("latchkey.providers.strict.client-id", StrictProvider.CLIENT);
        all.put("latchkey.providers.strict.client-secret-file", secret().toString());
        all.put("latchkey.providers.strict.label", "Strict & Co.");
        all.put("latchkey.providers.other.issuer", "http://127.0.0.1:9/other");
        all.put("latchkey.providers.other.client-id", "latchkey");
        all.put("latchkey.providers.other.client-secret-file", secret().toString());
        return all;
    }

    private static Path secret() {
        try {
            Path file = Files.createTempFile("latchkey-secret", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, StrictProvider.SECRET);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A provider that does nothing strange and has forgotten what it received, with Ada at it. */
    static void begin(StrictProvider provider, World world) {
        provider.heal();
        provider.behave(strange -> strange.idTokenClaims(Map.of()));
        awaitReady(world.browser());
        provider.signIn("ada-1", ADA);
        provider.received().clear();
    }

    /** The strict provider calls the back-channel logout. */
    public static HttpResponse<String> logout(World world, String token) {
        Browser provider = world.browser();
        return provider.send(provider.bare("/auth/providers/strict/logout")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("logout_token=" + token)));
    }

    /** Its metadata is read in the background. */
    public static void awaitReady(Browser browser) {
        awaitReady(browser, "strict");
    }

    static void awaitReady(Browser browser, String name) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> browser.navigate("/auth/providers/" + name).statusCode() == 303);
    }
}
