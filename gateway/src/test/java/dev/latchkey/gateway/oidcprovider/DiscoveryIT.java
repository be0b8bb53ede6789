package dev.latchkey.gateway.oidcprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.oidcprovider.BackendProgram.Run;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoders;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Libraries of backends that know nothing but the issuer verify what the gateway sends. */
final class DiscoveryIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path folder;

    private Path routes;
    private HttpServer front;
    private String target = "";

    /** An address that is known before the gateway is, in place of the proxy before it. */
    @BeforeEach
    void listen() throws IOException {
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.createContext("/", this::pass);
        front.start();
        String backend = WORLD.backend().url();
        routes = Files.writeString(
                folder.resolve("routes.yml"),
                "version: 1\nroutes:\n"
                        + Resources.route("orders", backend, "access: required, audience: orders")
                        + Resources.route("api", backend, "access: required, audience: api"));
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
        try (Gateway gateway = node(issuer)) {
            NimbusJwtDecoder spring = spring(issuer);
            Jwt verified = spring.decode(token(gateway, "orders"));
            assertThat(verified.getSubject()).isEqualTo("ada");
            assertThat(verified.getClaimAsString("iss")).isEqualTo(issuer);
            assertThatThrownBy(() -> spring.decode(token(gateway, "api"))).hasMessageContaining("aud claim");
            assertThatThrownBy(() -> spring.decode(expired(gateway))).hasMessageContaining("expired");
        }
    }

    /** As Boot makes one of {@code issuer-uri} and {@code audiences}. */
    private static NimbusJwtDecoder spring(String issuer) {
        NimbusJwtDecoder decoder = JwtDecoders.fromIssuerLocation(issuer);
        decoder.setJwtValidator(JwtValidators.createDefaultWithValidators(
                List.of(new JwtIssuerValidator(issuer), new JwtAudienceValidator("orders"))));
        return decoder;
    }

    @ParameterizedTest
    @EnumSource
    void programWhenItKnowsTheIssuerAloneThenVerifies(BackendProgram program) throws IOException {
        List<String> command = program.command();
        String issuer = issuer("/id");
        try (Gateway gateway = node(issuer)) {
            assertThat(BackendProgram.run(command, issuer, token(gateway, "orders")))
                    .isEqualTo(new Run(true, "ada\n"));
            assertRefused(BackendProgram.run(command, issuer, token(gateway, "api")), "aud");
            assertRefused(BackendProgram.run(command, issuer, expired(gateway)), "expired|\"exp\"");
        }
    }

    private static void assertRefused(Run run, String why) {
        assertThat(run.isGood()).isFalse();
        assertThat(run.said()).startsWith("refused: ").containsPattern(why).hasLineCount(1);
    }

    @Test
    void pageWhenItShowsProgramsThenThoseThatRun() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "backends.md"));
        for (BackendProgram program : BackendProgram.values()) {
            assertThat(page).contains("\n" + program.shown() + "```\n");
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

    /** A token that was good an hour ago. */
    private static String expired(Gateway gateway) {
        Instant then = Instant.now().minus(Duration.ofHours(1));
        return gateway.bean(IdentityTokenSigner.class)
                .sign(TestClaims.identity(
                        new Subject("ada"),
                        new PublicSessionId("0123456789abcdef01234A"),
                        Roles.NONE,
                        new Audience("orders"),
                        then,
                        then.plus(Duration.ofMinutes(6))))
                .value();
    }

    private Gateway node(String issuer) {
        Gateway gateway = WORLD.startNode(Map.of("latchkey.issuer", issuer, "latchkey.routes.file", routes.toString()));
        target = gateway.url();
        return gateway;
    }

    /** What the backend of a route of this name gets, which is also its audience. */
    private static String token(Gateway gateway, String audience) {
        Browser ada = new Browser(gateway.url());
        assertThat(ada.signIn("ada", "ada").statusCode()).isEqualTo(200);
        assertThat(ada.get("/" + audience + "/x").statusCode()).isEqualTo(200);
        return WORLD.backend().last().bearer();
    }
}
