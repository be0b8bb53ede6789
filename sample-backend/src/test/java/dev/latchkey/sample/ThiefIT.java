package dev.latchkey.sample;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The demo's thief: on this machine only, for the demo's page only. What its copies open is told by {@link DemoIT}. */
final class ThiefIT {

    private static IdentityTokens gateway;
    private static RunningBackend backend;
    private static WebTestClient client;

    @BeforeAll
    static void start() {
        gateway = new IdentityTokens();
        backend = RunningBackend.behind(gateway, "profile", "thief");
        client = backend.client();
    }

    @AfterAll
    static void stop() {
        backend.close();
        gateway.close();
    }

    @Test
    void copyWhenPageOfTheGatewayAsksThenTold() {
        copy(gateway.address())
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, gateway.address())
                .expectHeader()
                .valueEquals(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                .expectBody()
                .jsonPath("$.cookies[0]")
                .isEqualTo("latchkey-access")
                .jsonPath("$.cookies.length()")
                .isEqualTo(1);
    }

    @Test
    void copyWhenAnotherPageAsksThenForbidden() {
        copy("http://127.0.0.1:1").expectStatus().isForbidden();
        copy("https://shop.example").expectStatus().isForbidden();
    }

    private static ResponseSpec copy(String origin) {
        return client.post()
                .uri("/thief/copies")
                .header(HttpHeaders.ORIGIN, origin)
                .cookie("latchkey-access", "abc")
                .exchange();
    }

    @Test
    void copyWhenThereAreNoCookiesThenBadRequest() {
        client.post().uri("/thief/copies").exchange().expectStatus().isBadRequest();
    }

    @Test
    void useWhenNothingWasCopiedThenNotFound() {
        client.post().uri("/thief/copies/none/uses").exchange().expectStatus().isNotFound();
        client.post()
                .uri("/thief/copies/none/owner-uses")
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    @Test
    void startWhenOtherMachinesReachItThenRefused() {
        SpringApplicationBuilder reachable =
                new SpringApplicationBuilder(SampleBackendApplication.class).profiles("thief");

        assertThatThrownBy(() -> reachable.run("--server.port=0", "--server.address=0.0.0.0"))
                .hasStackTraceContaining("server.address must be 127.0.0.1, not 0.0.0.0");
    }
}
