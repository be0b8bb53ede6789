package dev.latchkey.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What a stock resource server accepts, with real keys over real HTTP. */
final class IdentityTokenIT {

    private static IdentityTokens gateway;
    private static RunningBackend backend;
    private static WebTestClient client;

    @BeforeAll
    static void start() {
        gateway = new IdentityTokens();
        backend = RunningBackend.behind(gateway);
        client = backend.client();
    }

    @AfterAll
    static void stop() {
        backend.close();
        gateway.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                wrong("foreign key", IdentityTokens::ofForeignKey),
                wrong("no signature", IdentityTokens::unsigned),
                wrong("other audience", tokens -> tokens.with(claims -> claims.audience("profile"))),
                wrong("no audience", tokens -> tokens.with(claims -> claims.audience(List.of()))),
                wrong("other issuer", tokens -> tokens.with(claims -> claims.issuer("http://evil.example"))),
                wrong("expired", tokens -> tokens.with(claims -> claims.expirationTime(minutesAgo(5)))),
                wrong("not a token", tokens -> "rubbish"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void protectedPathWhenTokenIsWrongThenUnauthorized(String name, Function<IdentityTokens, String> token) {
        client.get()
                .uri("/orders")
                .headers(headers -> headers.setBearerAuth(token.apply(gateway)))
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders",
                "/orders/all",
                "/orders/whoami",
                "/orders/echo/a",
                "/orders/clock",
                "/orders/slow",
                "/orders/visits",
                "/orders/socket",
                "/profile/whoami",
                "/publicity/whoami",
                "/actuator/env"
            })
    void protectedPathWhenNoTokenThenUnauthorized(String path) {
        client.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .valueEquals(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }

    @Test
    void whoAmIWhenTokenIsValidThenItsClaims() {
        Map<?, ?> caller = get("/orders/whoami", gateway.valid("ada", "customer", "admin"), Map.class);

        assertThat(caller.get("service")).isEqualTo("orders");
        assertThat(caller.get("anonymous")).isEqualTo(false);
        assertThat(caller.get("subject")).isEqualTo("ada");
        assertThat(caller.get("roles")).isEqualTo(List.of("customer", "admin"));
        assertThat(caller.get("audience")).isEqualTo(List.of("orders"));
        assertThat(caller.get("session")).isEqualTo("hash-of-the-session");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/optional/whoami", "/public/whoami"})
    void openAreaWhenNoTokenThenAnonymous(String path) {
        client.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.anonymous")
                .isEqualTo(true)
                .jsonPath("$.subject")
                .doesNotExist();
    }

    @Test
    void openAreaWhenTokenIsValidThenItsCaller() {
        Map<?, ?> caller = get("/optional/whoami", gateway.valid("ada"), Map.class);

        assertThat(caller.get("subject")).isEqualTo("ada");
    }

    /** As anyone can send them on a public route. */
    @Test
    void keysWhenManyTokensAreOfUnknownOnesThenAreNotAskedForEachTime() {
        get("/orders", gateway.valid("ada"), List.class);
        int before = gateway.timesAsked();
        for (int number = 0; number < 50; number++) {
            String token = gateway.ofUnknownKey("unknown-" + number);
            client.get()
                    .uri("/public/whoami")
                    .headers(headers -> headers.setBearerAuth(token))
                    .exchange()
                    .expectStatus()
                    .isUnauthorized();
        }
        assertThat(gateway.timesAsked() - before).isLessThan(10);
    }

    @Test
    void ordersWhenCustomerThenOwnOnesOnly() {
        List<?> orders = get("/orders", gateway.valid("ada", "customer"), List.class);

        assertThat(orders).hasSize(3).allMatch(order -> "ada".equals(((Map<?, ?>) order).get("customer")));
    }

    @Test
    void adminListWhenRoleIsMissingThenForbidden() {
        client.get()
                .uri("/orders/all")
                .headers(headers -> headers.setBearerAuth(gateway.valid("ada", "customer")))
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    @Test
    void adminListWhenRoleIsThereThenTheList() {
        List<?> orders = get("/orders/all", gateway.valid("root", "admin"), List.class);

        assertThat(orders).hasSize(3);
    }

    private static <T> T get(String path, String token, Class<T> type) {
        T body = client.get()
                .uri(path)
                .headers(headers -> headers.setBearerAuth(token))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(type)
                .returnResult()
                .getResponseBody();
        return Objects.requireNonNull(body);
    }

    private static Arguments wrong(String name, Function<IdentityTokens, String> token) {
        return Arguments.of(name, token);
    }

    private static Date minutesAgo(int minutes) {
        return Date.from(Instant.now().minusSeconds(60L * minutes));
    }
}
