package dev.latchkey.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** A body holds a password or a refresh token. */
final class RequestBodyTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "application/x-www-form-urlencoded username=alice&password=s3cr3t",
                "application/json {\"username\":\"alice\",\"password\":\"s3cr3t\"}",
            })
    void toStringWhenReadThenHidesWhatWasSent(String type, String body) {
        RequestBody read = Objects.requireNonNull(RequestBody.formOrJson(MockServerHttpRequest.post("/auth/sign-in")
                        .contentType(MediaType.parseMediaType(type))
                        .body(body))
                .block());

        assertThat(read.field("password")).contains("s3cr3t");
        assertThat(read.toString()).doesNotContain("s3cr3t", "alice");
    }
}
