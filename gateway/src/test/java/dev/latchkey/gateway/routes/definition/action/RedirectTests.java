package dev.latchkey.gateway.routes.definition.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.TestRoutes;
import java.net.URI;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedirectTests {

    private static final String ALPHABET = "/\\.%2F5Ce@:?&=#;|ab \t\r\n\"<>\u00e9";

    private static Redirect redirect(String to) {
        return (Redirect)
                TestRoutes.read("""
                        version: 1
                        routes:
                          - id: a
                            match: { path: /a/** }
                            redirect: { matches: "/a/(.*)", to: "%s" }
                            entry: { access: public }
                        """.formatted(to)).routes().get(0).answer().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/$1                  | /a/x      | y=1   | /x?y=1",
                "/$1?z=$1             | /a/x      |       | /x?z=x",
                "/?z=$1               | /a/x&y    | w     | /?z=x%26y&w",
                "https://b.example/$1 | /a/x      | y=1   | https://b.example/x?y=1",
                "https://b.example    | /a/x      |       | https://b.example/",
                "https://b.example/$1 | /a/%      |       | https://b.example/%25",
                "https://b.example/$1 | /a/\"<>\\  |       | https://b.example/%22%3C%3E%5C",
                "/$1                  | /a/x      | \"#\u00e9%zz | /x?%22%23%C3%A9%25zz",
            })
    void locationWhenMadeThenEncoded(String to, String path, String query, String place) {
        assertThat(redirect(to).location(path, query, "")).contains(place);
    }

    /** Whatever a client sends, even what the listener would have rejected. */
    @ParameterizedTest
    @ValueSource(strings = {"/$1", "/x$1", "/$1/y?z=$1", "https://b.example/$1", "https://b.example/$1?z=$1"})
    void locationWhenAnyPathThenOnTheHostOfTheFileAndOneUri(String to) {
        Redirect redirect = redirect(to);
        Random random = new Random(11);
        int made = 0;
        for (int round = 0; round < 50_000; round++) {
            Optional<String> location = redirect.location("/a/" + text(random), "q=" + text(random), "");
            if (location.isPresent()) {
                URI place = URI.create("https://own.example/").resolve(location.get());
                assertThat(place.getHost()).isEqualTo(to.startsWith("/") ? "own.example" : "b.example");
                assertThat(location.get())
                        .matches("[!-~]+")
                        .doesNotContain("\\")
                        .doesNotStartWith("//");
                made++;
            }
        }

        assertThat(made).isGreaterThan(100);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    @Test
    void locationWhenTheExpressionDoesNotMatchThenNone() {
        assertThat(redirect("/$1").location("/b", null, "")).isEmpty();
        assertThat(redirect("/$1").location("/a/" + "x".repeat(5000), null, "")).isEmpty();
    }
}
