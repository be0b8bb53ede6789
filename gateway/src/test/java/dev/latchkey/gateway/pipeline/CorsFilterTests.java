package dev.latchkey.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.pipeline.crosssite.CrossSiteFixtures;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.test.StepVerifier;

final class CorsFilterTests {

    private static final String ALLOWED = "https://app.example";

    private final CrossOriginAccess access = CrossSiteFixtures.access(ALLOWED);
    private boolean wentOn;

    @Test
    void filterWhenPreflightOfAllowedOriginThenGrantsWhatIsAsked() {
        MockServerHttpResponse response = answerTo(preflight(ALLOWED));

        assertThat(wentOn).isFalse();
        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.NO_CONTENT);
        HttpHeaders headers = response.getHeaders();
        assertThat(headers.getAccessControlAllowOrigin()).isEqualTo(ALLOWED);
        assertThat(headers.getAccessControlAllowCredentials()).isTrue();
        assertThat(headers.getFirst("Access-Control-Allow-Methods")).isEqualTo("DELETE");
        assertThat(headers.getFirst("Access-Control-Allow-Headers")).isEqualTo("x-one, x-two");
        assertThat(headers.getVary()).contains("Origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example", "null", "", "https://app.example.evil.example", "HTTPS://APP.EXAMPLE"})
    void filterWhenPreflightOfAnotherOriginThenGrantsNothing(String origin) {
        MockServerHttpResponse response = answerTo(preflight(origin));

        assertThat(wentOn).isTrue();
        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.FORBIDDEN);
        assertThat(response.getHeaders().headerNames()).noneMatch(name -> name.startsWith("Access-Control"));
    }

    @Test
    void filterWhenTwoOriginsThenGrantsNothing() {
        MockServerHttpResponse response =
                answerTo(MockServerHttpRequest.get("/api").header("Origin", ALLOWED, "https://evil.example"));

        assertThat(response.getHeaders().headerNames()).noneMatch(name -> name.startsWith("Access-Control"));
    }

    @Test
    void filterWhenRequestOfAllowedOriginThenOpensTheAnswerInPlaceOfTheBackends() {
        MockServerWebExchange exchange =
                exchange(MockServerHttpRequest.get("/api").header("Origin", ALLOWED));
        run(access, exchange, response -> {
            response.getHeaders().set("Access-Control-Allow-Origin", "*");
            response.getHeaders().set("Access-Control-Expose-Headers", "X-Total");
        });

        HttpHeaders headers = exchange.getResponse().getHeaders();
        assertThat(headers.get("Access-Control-Allow-Origin")).containsExactly(ALLOWED);
        assertThat(headers.get("Access-Control-Allow-Credentials")).containsExactly("true");
        assertThat(headers.get("Access-Control-Expose-Headers"))
                .containsExactly(
                        "X-Total",
                        "Latchkey-Access-Token, Latchkey-Refresh-Token",
                        "Retry-After, DPoP-Nonce, WWW-Authenticate");
        assertThat(headers.getVary()).contains("Origin");
    }

    @Test
    void filterWhenOptionsIsNoPreflightThenGoesOn() {
        answerTo(MockServerHttpRequest.options("/api").header("Origin", ALLOWED));

        assertThat(wentOn).isTrue();
    }

    @Test
    void filterWhenNoOriginIsAllowedThenSaysNothing() {
        MockServerWebExchange exchange = exchange(preflight(ALLOWED));
        run(CrossSiteFixtures.access(), exchange, response -> {});

        assertThat(wentOn).isTrue();
        assertThat(exchange.getResponse().getHeaders().headerNames()).isEmpty();
    }

    private MockServerHttpResponse answerTo(MockServerHttpRequest.BaseBuilder<?> request) {
        MockServerWebExchange exchange = exchange(request);
        run(access, exchange, response -> {});
        return exchange.getResponse();
    }

    private void run(
            CrossOriginAccess access, MockServerWebExchange exchange, Consumer<MockServerHttpResponse> backend) {
        StepVerifier.create(new CorsFilter(access).filter(exchange, next -> {
                    wentOn = true;
                    backend.accept(exchange.getResponse());
                    return exchange.getResponse().setComplete();
                }))
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    private static MockServerWebExchange exchange(MockServerHttpRequest.BaseBuilder<?> request) {
        return MockServerWebExchange.from(request);
    }

    private static MockServerHttpRequest.BaseBuilder<?> preflight(String origin) {
        return MockServerHttpRequest.options("/api")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "DELETE")
                .header("Access-Control-Request-Headers", "x-one, x-two");
    }
}
