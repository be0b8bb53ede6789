package dev.latchkey.gateway.pipeline.paths;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** What browsers send raw, as a URI and back. */
final class RawTargetTests {

    @ParameterizedTest
    @CsvSource({
        "/a, /a",
        "/a?b=[c], /a?b=[c]",
        "/a?b={c}|^`\\\"<>, /a?b=%7Bc%7D%7C%5E%60%5C%22%3C%3E",
        "/a[0]?b=[c], /a%5B0%5D?b=[c]",
        "/a%7B{?, /a%7B%7B?",
    })
    void encodedWhenRawThenAUri(String target, String encoded) {
        assertThat(RawTarget.encoded(target)).contains(encoded);
        assertThat(URI.create("http://a" + encoded).getRawPath()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a?caf\u00e9", "/a?x=%", "/a?x=%4", "/a?x=%g0", "/a#b", "/a\u007f", "/\u0001"})
    void encodedWhenNobodySendsItThenNothing(String target) {
        assertThat(RawTarget.encoded(target)).isEmpty();
    }

    /** The address of the backend as its route made it, the client's target, and what the backend is asked for. */
    @ParameterizedTest
    @CsvSource({
        "http://b/a?b=%7B, /a?b={, /a?b={",
        "http://b/x/a%5B0%5D?b=%7B, /api/a[0]?b={, /x/a[0]?b={",
        "http://b/x/%5B%5B, /[%5B, /x/[%5B",
        "http://b/else?b=%7B, /a[0]?b={, /else?b={",
        "http://b/?b=%7B, /a[0]?b={, /?b={",
        "http://b/5B?b, /[?b, /5B?b",
    })
    void toBackendWhenItsRouteRewritesThenTheRestIsAsItCame(URI backend, String target, String sent) {
        HttpHeaders request = new HttpHeaders();
        request.set(RawTarget.HEADER, target);
        assertThat(RawTarget.toBackend(new SpringHeaderFields(request), backend.getRawPath()))
                .contains(sent);
    }

    @Test
    void toBackendWhenTheTargetIsAUriThenNothing() {
        assertThat(RawTarget.toBackend(new SpringHeaderFields(new HttpHeaders()), "/a"))
                .isEmpty();
    }
}
