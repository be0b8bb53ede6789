package dev.latchkey.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

final class EndpointPathsTests {

    @Test
    void prefixWhenNothingIsConfiguredThenAuth() {
        EndpointPaths paths =
                Binder.get(new MockEnvironment()).bindOrCreate("latchkey.paths", Bindable.of(EndpointPaths.class));

        assertThat(paths).isEqualTo(EndpointPaths.DEFAULT);
        assertThat(paths.of(Endpoint.SIGN_IN)).isEqualTo("/auth/sign-in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/gate", "/internal/login", "/_/v1.2/~x-y", "/Auth", "/authentication"})
    void prefixWhenAPlainPathThenAllEndpointsAreBelowIt(String prefix) {
        for (Endpoint endpoint : Endpoint.values()) {
            assertThat(new EndpointPaths(prefix).of(endpoint)).startsWith(prefix + "/");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "auth",
                "/auth/",
                "//auth",
                "/a//b",
                "/.",
                "/a/..",
                "/.well-known",
                "/.well-known/jwks.json",
                "/a/**",
                "/{name}",
                "/a b",
                "/%61uth",
                "/a;b",
                "/a?b",
                "/a#b",
                "/a\\b",
                "/é",
                "/auth\n",
                "https://shop.example/auth",
                "/a\"><script>"
            })
    void prefixWhenAnythingElseThenASentenceWithoutTheValue(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EndpointPaths(prefix))
                .withMessageStartingWith("latchkey.paths.prefix must be a path such as /auth or /internal/login: ")
                .withMessageEndingWith("no '/' at the end");
    }

    @Test
    void prefixWhenLongThenRefused() {
        assertThat(new EndpointPaths("/" + "a".repeat(99)).prefix()).hasSize(100);
        assertThatIllegalArgumentException().isThrownBy(() -> new EndpointPaths("/" + "a".repeat(100)));
    }
}
