package dev.latchkey.sample;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The same jar as the other backend: a token for one of them is of no use at the other. */
final class OtherBackendIT {

    private static IdentityTokens gateway;
    private static RunningBackend backend;

    @BeforeAll
    static void start() {
        gateway = new IdentityTokens();
        backend = RunningBackend.behind(gateway, "profile");
    }

    @AfterAll
    static void stop() {
        backend.close();
        gateway.close();
    }

    @Test
    void whoAmIWhenTokenIsForOrdersThenUnauthorized() {
        whoAmI(gateway.valid("ada")).expectStatus().isUnauthorized();
    }

    @Test
    void whoAmIWhenTokenIsForProfileThenItsClaims() {
        whoAmI(gateway.with(claims -> claims.audience(List.of("profile"))))
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.service")
                .isEqualTo("profile");
    }

    private static ResponseSpec whoAmI(String token) {
        WebTestClient client = backend.client();
        return client.get()
                .uri("/profile/whoami")
                .headers(headers -> headers.setBearerAuth(token))
                .exchange();
    }
}
