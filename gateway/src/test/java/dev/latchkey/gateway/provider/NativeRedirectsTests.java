package dev.latchkey.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which redirect URIs a native app may have (RFC 8252 section 7), and which of them are the same. */
final class NativeRedirectsTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example/callback",
                "https://app.example:8443/callback?a=b",
                "com.example.app:/callback",
                "http://127.0.0.1/callback",
                "http://[::1]/callback",
                "http://127.0.0.1"
            })
    void entryWhenGoodThenHasNoFault(String entry) {
        assertThat(NativeRedirects.fault(entry)).isEmpty();
        assertThat(NativeRedirects.matches(entry, entry)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            not a uri                      | is not a URI
            /callback                      | must be absolute
            https://app.example/cb#here    | without a fragment
            https://me@app.example/cb      | without a user
            https:/callback                | names no host
            app:/callback                  | without a dot
            http://localhost/callback      | only at 127.0.0.1
            http://app.example/callback    | only at 127.0.0.1
            http://127.0.0.1:8080/callback | without a port
            HTTP://app.example/callback    | without a dot
            """)
    void entryWhenBadThenSaysWhy(String entry, String fault) {
        assertThat(NativeRedirects.fault(entry).orElse("none")).contains(fault);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://127.0.0.1/cb      | http://127.0.0.1:1/cb         | true
            http://127.0.0.1/cb      | http://127.0.0.1:65535/cb     | true
            http://[::1]/cb          | http://[::1]:51004/cb         | true
            http://127.0.0.1/cb?a=b  | http://127.0.0.1:51004/cb?a=b | true
            http://127.0.0.1/cb      | http://127.0.0.1:65536/cb     | false
            http://127.0.0.1/cb      | http://127.0.0.1:/cb          | false
            http://127.0.0.1/cb      | http://127.0.0.1:51004/cb/x   | false
            http://127.0.0.1/cb      | http://127.0.0.1:51004/cb?a=b | false
            http://127.0.0.1/cb      | http://127.0.0.1:1@evil/cb    | false
            http://127.0.0.1/cb      | http://127.0.0.1.evil:1/cb    | false
            http://127.0.0.1/cb      | http://127.0.0.2:51004/cb     | false
            http://127.0.0.1/cb      | http://[::1]:51004/cb         | false
            http://127.0.0.1/cb      | https://127.0.0.1:51004/cb    | false
            https://app.example/cb   | https://app.example:444/cb    | false
            https://app.example/cb   | https://APP.example/cb        | false
            com.example.app:/cb      | com.example.app:/cb/          | false
            """)
    void redirectWhenComparedThenOnlyTheLoopbackPortIsFree(String entry, String redirect, boolean matches) {
        assertThat(NativeRedirects.matches(entry, redirect)).isEqualTo(matches);
    }
}
