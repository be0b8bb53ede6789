package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.BrowserAtProvider;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.ProviderName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The OpenID Provider of both sides, at which one user is signed in: whoever comes is that one. */
final class CompanyProvider implements AutoCloseable {

    static final String USER = "grace";

    /** Of its tokens: longer than a round, so that none is refreshed before a conversation has it refreshed. */
    static final Duration LIFE = Duration.ofHours(2);

    private static final ProviderName NAME = new ProviderName("company");
    private static final Map<String, Object> CLAIMS =
            Map.of("name", "Grace H\u00f6pper", "email", "grace@shop.example", "roles", List.of("customer"));

    private final StrictProvider provider;
    private final EndpointPaths paths;
    private final Path secret;

    /** @param paths of the gateways */
    CompanyProvider(Path folder, EndpointPaths paths, TestClock clock) throws IOException {
        this.provider = new StrictProvider(clock);
        this.paths = paths;
        this.secret = Files.writeString(folder.resolve("secret"), StrictProvider.SECRET);
        provider.behave(usual -> usual.lifetime(LIFE));
        provider.register(URI.create(World.ORIGIN + paths.of(Endpoint.PROVIDER_CALLBACK, NAME)));
        provider.signIn("grace-1", CLAIMS);
    }

    /** What the gateways have to be told of it. */
    Map<String, Object> properties() {
        String settings = "latchkey.providers." + NAME;
        return Map.of(
                settings + ".issuer",
                provider.issuer(),
                settings + ".client-id",
                StrictProvider.CLIENT,
                settings + ".client-secret-file",
                secret);
    }

    /**
     * Sends a browser there and back: whether it is signed in now, which it is not while its gateway knows no provider.
     */
    boolean signIn(Browser browser) {
        HttpResponse<String> sent = browser.navigate(paths.of(Endpoint.PROVIDER, NAME));
        if (sent.statusCode() != 303) {
            return false;
        }
        URI back = BrowserAtProvider.location(new BrowserAtProvider().get(BrowserAtProvider.location(sent)));
        browser.navigate(back.getRawPath() + "?" + back.getRawQuery());
        return browser.jar().keySet().stream().anyMatch(cookie -> cookie.startsWith("latchkey-access"));
    }

    @Override
    public void close() {
        provider.close();
    }
}
