package dev.latchkey.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ids are kept, and what is made otherwise. */
final class RequestIdsTests {

    private final RequestIds ids = Recordings.ids();

    private String assigned(boolean isTrusted, String... said) {
        HttpHeaders request =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (String each : said) {
            request.add("x-request-id", each);
        }
        String id = ids.assign(request, isTrusted);
        assertThat(request.getAll("X-Request-Id")).containsExactly(id);
        return id;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "550e8400-e29b-41d4-a716-446655440000", "Root=1-67891233-abcdef012345678912345678"})
    void idWhenOfATrustedProxyThenKeptAndOtherwiseMadeAnew(String id) {
        assertThat(assigned(true, id)).isEqualTo(id);
        assertThat(assigned(false, id)).matches("[0-9a-f]{32}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\"b", "<b>", "a,b", "a\\b", "\u00e9", "a;b", "{}"})
    void idWhenUnsafeThenMadeAnew(String id) {
        assertThat(assigned(true, id)).matches("[0-9a-f]{32}");
    }

    @Test
    void idWhenTooLongOrRepeatedThenMadeAnew() {
        assertThat(assigned(true, "a".repeat(128))).hasSize(128);
        assertThat(assigned(true, "a".repeat(129))).hasSize(32);
        assertThat(assigned(true, "one", "two")).hasSize(32);
    }

    @Test
    void idsWhenMadeThenNoTwoAreTheSame() {
        assertThat(IntStream.range(0, 10_000).mapToObj(each -> assigned(false)).collect(Collectors.toSet()))
                .hasSize(10_000);
        assertThat(Recordings.ids().next().substring(0, 16))
                .isNotEqualTo(ids.next().substring(0, 16));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host", "COOKIE", "X Request", "Latchkey-Id", "X-Forwarded-For", "1st", "traceparent"})
    void headerWhenItMeansSomethingElseThenRefused(String name) {
        assertThatThrownBy(() -> new RequestIdProperties(true, name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("latchkey.request-id.header");
    }
}
