package dev.latchkey.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What a small body holds, and what is said of one that cannot be read. */
final class RequestBodyTests {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    private static MockServerHttpRequest sent(String type, String body) {
        return MockServerHttpRequest.post("/any").header("Content-Type", type).body(bytes(body));
    }

    /** As a text, it would be encoded by a charset of the type. */
    private static Flux<DataBuffer> bytes(String body) {
        return Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static RequestBody read(String type, String body) {
        return Objects.requireNonNull(RequestBody.formOrJson(sent(type, body)).block());
    }

    private static void assertRefused(MockServerHttpRequest request, int status, String title) {
        StepVerifier.create(RequestBody.formOrJson(request)).verifyErrorSatisfies(failure -> {
            Problem problem = ((ProblemException) failure).problem();
            assertThat(problem.status()).isEqualTo(status);
            assertThat(problem.title()).contains(title);
        });
    }

    /** A body holds a password or a refresh token. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                FORM + " username=alice&password=s3cr3t",
                JSON + " {\"username\":\"alice\",\"password\":\"s3cr3t\"}",
            })
    void toStringWhenReadThenHidesWhatWasSent(String type, String body) {
        RequestBody read = read(type, body);
        assertThat(read.field("password")).contains("s3cr3t");
        assertThat(read.toString()).doesNotContain("s3cr3t", "alice");
    }

    @Test
    void bodyWhenReadableThenItsFields() {
        assertThat(read(FORM + ";charset=UTF-8", "a=1+%2B&b=&=c&d").fields()).isEqualTo(Map.of("a", "1 +", "b", ""));
        assertThat(read(FORM, "").fields()).isEmpty();
        assertThat(read(JSON, " ").fields()).isEmpty();
        RequestBody whole = read(JSON + "; charset=utf-8", "{\"a\":\"1\"}");
        assertThat(whole.isWhole()).isTrue();
        assertThat(whole.isForm()).isFalse();
        RequestBody part = read(JSON, "{\"a\":\"1\",\"b\":2,\"c\":null,\"d\":[\"x\"]}");
        assertThat(part.fields()).isEqualTo(Map.of("a", "1"));
        assertThat(part.isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "a b",
                "x; charset=utf8mb4",
                "application/json; charset=no-such",
                "text/html, text/html",
                "text/plain",
                "*/*",
                "application/*",
                "application/vnd.api+json",
                "/",
                ""
            })
    void typeWhenMalformedOrAnotherThen415(String type) {
        assertRefused(sent(type, "{}"), 415, "Send application/json or a form");
    }

    @Test
    void typeWhenThereIsNoneThen415() {
        assertRefused(MockServerHttpRequest.post("/any").body("{}"), 415, "Send");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"a\"", "null", "{\"a\":\"1\",\"a\":\"2\"}", "{} {", "{\"a\":\"\\uD800"})
    void jsonWhenNoObjectThen400(String body) {
        assertRefused(sent(JSON, body), 400, "JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz", "a=1&a=2", "%=1", "a=1&%61=2"})
    void formWhenMalformedThen400(String body) {
        assertRefused(sent(FORM, body), 400, "form");
    }

    @Test
    void bodyWhenTooLargeThen413() {
        assertThat(read(FORM, "a=" + "x".repeat(32 * 1024 - 2)).field("a")).isPresent();
        assertRefused(sent(FORM, "a=" + "x".repeat(32 * 1024 - 1)), 413, "too large");
        assertThat(read(JSON, "{\"a\":\"" + "x".repeat(8 * 1024 - 8) + "\"}").field("a"))
                .isPresent();
        assertRefused(sent(JSON, "{\"a\":\"" + "x".repeat(8 * 1024 - 7) + "\"}"), 413, "too large");
    }

    @Test
    void bodyWhenItDoesNotComeThen408() {
        Flux<DataBuffer> never = Flux.never();
        StepVerifier.withVirtualTime(() -> RequestBody.json(MockServerHttpRequest.post("/any")
                        .header("Content-Type", JSON)
                        .body(never)))
                .expectSubscription()
                .expectNoEvent(RequestBody.TIMEOUT.minusMillis(1))
                .thenAwait(RequestBody.TIMEOUT)
                .verifyErrorSatisfies(failure ->
                        assertThat(((ProblemException) failure).problem()).isEqualTo(Problem.REQUEST_TIMEOUT));
    }
}
