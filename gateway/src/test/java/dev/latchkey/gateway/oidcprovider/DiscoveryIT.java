package dev.latchkey.gateway.oidcprovider;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoders;

/** Libraries of backends that know nothing but the issuer verify what the gateway sends. */
final class DiscoveryIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer front;
    private String target = "";

    /** An address that is known before the gateway is, in place of the proxy before it. */
    @BeforeEach
    void listen() throws IOException {
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.createContext("/", this::pass);
        front.start();
    }

    @AfterEach
    void stop() {
        front.stop(0);
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                    .build();
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private String issuer(String path) {
        return "http://localhost:" + front.getAddress().getPort() + path;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/id/one"})
    void springWhenItKnowsTheIssuerAloneThenVerifies(String path) {
        String issuer = issuer(path);
        try (Gateway gateway = WORLD.startNode(Map.of("latchkey.issuer", issuer))) {
            String token = token(gateway);
            Jwt verified = JwtDecoders.fromIssuerLocation(issuer).decode(token);
            assertThat(verified.getSubject()).isEqualTo("ada");
            assertThat(verified.getClaimAsString("iss")).isEqualTo(issuer);
        }
    }

    @Test
    void joseWhenItKnowsTheIssuerAloneThenVerifies() throws Exception {
        Path home = OidcProviderPackage.home();
        String issuer = issuer("/id");
        try (Gateway gateway = WORLD.startNode(Map.of("latchkey.issuer", issuer))) {
            Path script = Files.writeString(home.resolve("verify.mjs"), """
                    import { createRemoteJWKSet, jwtVerify } from 'jose';
                    const [issuer, token] = process.argv.slice(2);
                    const found = await (await fetch(issuer + '/.well-known/openid-configuration')).json();
                    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(found.jwks_uri)),
                        { issuer: found.issuer, algorithms: found.id_token_signing_alg_values_supported });
                    console.log(payload.sub);
                    """);
            Process node = new ProcessBuilder("node", script.toString(), issuer, token(gateway))
                    .redirectErrorStream(true)
                    .start();
            try {
                assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("ada\n");
            } finally {
                node.destroyForcibly();
            }
        }
    }

    @Test
    void metadataWhenARouteTakesEverythingThenTheGatewayAnswers() {
        for (String path : List.of("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")) {
            HttpResponse<String> answer = WORLD.browser().get(path);
            assertThat(answer.body())
                    .contains("\"issuer\":\"" + World.ISSUER + "\"")
                    .contains("\"jwks_uri\":\"" + World.ISSUER + "/.well-known/jwks.json\"")
                    .contains("\"id_token_signing_alg_values_supported\":[\"ES256\"]");
            assertThat(WORLD.browser().post(path).statusCode()).isEqualTo(405);
        }
        assertThat(WORLD.backend().received()).isEmpty();
    }

    private String token(Gateway gateway) {
        target = gateway.url();
        Browser ada = new Browser(gateway.url());
        assertThat(ada.signIn("ada", "ada").statusCode()).isEqualTo(200);
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);
        return WORLD.backend().last().bearer();
    }
}
