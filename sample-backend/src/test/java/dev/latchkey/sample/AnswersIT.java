package dev.latchkey.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The ways in which the backend answers: echo, streams, uploads, a socket, a page. */
final class AnswersIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static IdentityTokens gateway;
    private static RunningBackend backend;
    private static WebTestClient client;

    @BeforeAll
    static void start() {
        gateway = new IdentityTokens();
        backend = RunningBackend.behind(gateway);
        client = backend.client().mutate().defaultHeaders(AnswersIT::signIn).build();
    }

    @AfterAll
    static void stop() {
        backend.close();
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void echoWhenBodyIsSentThenRequestAsItArrived(String method) {
        client.method(HttpMethod.valueOf(method))
                .uri("/orders/echo/a/b?c={c}", "d e")
                .header("X-Test", "1", "2")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .bodyValue("söme=thing")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.method")
                .isEqualTo(method)
                .jsonPath("$.path")
                .isEqualTo("/orders/echo/a/b")
                .jsonPath("$.query")
                .isEqualTo("c=d%20e")
                .jsonPath("$.headers['X-Test']")
                .isEqualTo(List.of("1", "2"))
                .jsonPath("$.body")
                .isEqualTo("söme=thing");
    }

    @Test
    void echoWhenTokenIsSentThenShownWithoutItsSignature() {
        String token = gateway.valid("ada");

        byte[] body = client.get()
                .uri("/orders/echo")
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBody();

        String shown = new String(body, StandardCharsets.UTF_8);
        assertThat(shown).contains("Bearer " + token.substring(0, token.lastIndexOf('.') + 1) + "\"");
        assertThat(shown).doesNotContain(token);
    }

    @Test
    void echoWhenBodyIsLongThenItsStartAndItsSize() {
        byte[] body = new byte[100 * 1024];
        Arrays.fill(body, (byte) 'x');

        EchoEndpoint.Echo echo = client.post()
                .uri("/orders/echo")
                .bodyValue(body)
                .exchange()
                .expectBody(EchoEndpoint.Echo.class)
                .returnResult()
                .getResponseBody();

        assertThat(echo)
                .isNotNull()
                .satisfies(shown -> assertThat(shown.body()).hasSize(64 * 1024))
                .satisfies(shown -> assertThat(shown.bodyBytes()).isEqualTo(100 * 1024));
    }

    @Test
    void clockWhenReconnectedThenGoesOnFromTheLastId() {
        Flux<ServerSentEvent<Map<String, Object>>> events = client.get()
                .uri("/orders/clock")
                .header("Last-Event-ID", "41")
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(new ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>>() {})
                .getResponseBody();

        StepVerifier.create(events.take(2))
                .assertNext(event -> {
                    assertThat(event.id()).isEqualTo("42");
                    assertThat(event.event()).isEqualTo("tick");
                    assertThat(event.data()).containsEntry("caller", "ada").containsKey("time");
                })
                .assertNext(event -> assertThat(event.id()).isEqualTo("43"))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void socketWhenOpenedThenGreetsTheCallerAndEchoes() {
        List<String> received = new ArrayList<>();
        HttpHeaders headers = new HttpHeaders();
        signIn(headers);

        Mono<Void> talk = new ReactorNettyWebSocketClient()
                .execute(URI.create("ws://127.0.0.1:" + backend.port() + "/orders/socket"), headers, session -> {
                    return session.send(Flux.just("one", "two").map(session::textMessage))
                            .thenMany(session.receive().map(WebSocketMessage::getPayloadAsText))
                            .take(3)
                            .doOnNext(received::add)
                            .then(session.close());
                });

        StepVerifier.create(talk).expectComplete().verify(LIMIT);
        assertThat(received.get(0)).contains("\"service\":\"orders\"", "\"subject\":\"ada\"");
        assertThat(received.subList(1, 3)).containsExactly("one", "two");
    }

    @Test
    void uploadWhenFiveMegabytesInChunksThenCounted() {
        byte[] chunk = new byte[64 * 1024];
        Arrays.fill(chunk, (byte) 'x');
        Flux<DataBuffer> chunks = Flux.range(0, 80).map(i -> DefaultDataBufferFactory.sharedInstance.wrap(chunk));

        client.post()
                .uri("/orders/upload")
                .body(BodyInserters.fromDataBuffers(chunks))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.bytes")
                .isEqualTo(5 * 1024 * 1024);
    }

    @Test
    void uploadWhenEmptyThenZero() {
        client.post()
                .uri("/orders/upload")
                .exchange()
                .expectBody()
                .jsonPath("$.bytes")
                .isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "0", "20"})
    void slowWhenAskedThenWaitsThatLong(long ms) {
        client.get()
                .uri("/orders/slow?ms=" + ms)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.waited")
                .isEqualTo(Math.max(0, ms));
    }

    @Test
    void slowWhenNotANumberThenBadRequest() {
        client.get().uri("/orders/slow?ms=long").exchange().expectStatus().isBadRequest();
    }

    @Test
    void visitsWhenSeenBeforeThenCookieCountsOn() {
        client.get()
                .uri("/orders/visits")
                .cookie("sample-visits", "6")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .value(
                        HttpHeaders.SET_COOKIE,
                        cookie -> assertThat(cookie)
                                .isEqualToIgnoringCase("sample-visits=7; Path=/; HttpOnly; SameSite=Lax"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/demo/demo.css", "/demo/demo.js", "/demo/theft.js", "/actuator/health/readiness"})
    void openPathWhenAnonymousThenServedUnderAStrictPolicy(String path) {
        backend.client()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .value(
                        "Content-Security-Policy",
                        policy -> assertThat(policy)
                                .contains("default-src 'none'")
                                .doesNotContain("unsafe"));
    }

    private static void signIn(HttpHeaders headers) {
        headers.setBearerAuth(gateway.valid("ada", "customer"));
    }

    @Test
    void thiefWhenItsProfileIsOffThenNotThere() {
        client.get().uri("/demo/thief").exchange().expectStatus().isNotFound();
        client.post()
                .uri("/thief/copies")
                .cookie("latchkey-access", "abc")
                .exchange()
                .expectStatus()
                .isNotFound();
        client.get()
                .uri("/")
                .exchange()
                .expectHeader()
                .value("Content-Security-Policy", policy -> assertThat(policy).contains("connect-src 'self';"));
    }
}
