package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.routes.source.RoutesSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RefusedRoutesTests {

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void readWhenSomethingIsWrongThenTellsWhere(String name, List<String> expected, String file) {
        assertThat(refused(file.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @Test
    void readWhenByteOrderMarkThenRefused() {
        assertThat(refused("\uFEFFversion: 1\nroutes: []\n".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("routes.yml:1:1: the file begins with a byte order mark; save it without");
    }

    @Test
    void readWhenTabThenRefusedAtTheTab() {
        assertThat(refused("version: 1\nroutes:\n\t- id: a\n".getBytes(StandardCharsets.UTF_8)))
                .singleElement()
                .asString()
                .startsWith("routes.yml:3:1: this is not YAML: ")
                .contains("TAB");
    }

    @Test
    void readWhenControlCharacterThenRefusedAtIt() {
        assertThat(refused("version: 1\nroutes: [\u0007]\n".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("routes.yml:2:10: there is a character that YAML does not allow");
    }

    @Test
    void readWhenNotUtf8ThenRefusedAtTheByte() {
        assertThat(refused("version: 1\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly("routes.yml:2:6: the file is not UTF-8");
        assertThat(refused("version: 1\n# caf\u00e9".getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly("routes.yml:2:6: the file is not UTF-8");
    }

    @Test
    void readWhenTooLargeThenRefused() {
        byte[] file =
                ("version: 1\nroutes: []\n#" + "x".repeat(RoutesSource.MOST_BYTES)).getBytes(StandardCharsets.UTF_8);

        assertThat(refused(file)).containsExactly("routes.yml:1:1: the file is larger than 8388608 bytes");
    }

    @Test
    void readWhenAFixedBodyIsTooLargeThenRefused() {
        String file = """
                version: 1
                routes:
                  - { id: a, match: { path: /a }, entry: { access: public },
                      respond: { body: "%s" } }
                """;

        assertThat(refused(file.formatted("x".repeat(65_536)).getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(refused(file.formatted("x".repeat(65_537)).getBytes(StandardCharsets.UTF_8)))
                .containsExactly("routes.yml:4:24: route 'a': respond.body is too long");
        assertThat(refused(file.formatted("\u00fc".repeat(32_769)).getBytes(StandardCharsets.UTF_8)))
                .containsExactly("routes.yml:4:24: route 'a': respond.body must have at most 64 KB");
    }

    @Test
    void readWhenTooManyRoutesThenRefused() {
        String file = "version: 1\nroutes:\n" + "  - {}\n".repeat(RoutesReader.MOST_ROUTES + 1);

        assertThat(refused(file.getBytes(StandardCharsets.UTF_8)))
                .containsExactly("routes.yml:3:3: routes must be a list of at most 20000 routes");
    }

    @Test
    void readWhenVeryManyFaultsThenTellsTheFirst() {
        String file = "version: 1\nroutes:\n" + "  - x\n".repeat(900);

        assertThat(refused(file.getBytes(StandardCharsets.UTF_8))).hasSize(50);
    }

    @Test
    void readWhenNestedWithoutEndThenRefusedAndNotFelled() {
        String file = "version: 1\nroutes: " + "[".repeat(200_000) + "]".repeat(200_000) + "\n";

        assertThat(refused(file.getBytes(StandardCharsets.UTF_8)))
                .first()
                .asString()
                .startsWith("routes.yml:2:");
    }

    private static List<String> refused(byte[] file) {
        return TestRoutes.refused("routes.yml", file);
    }

    /** Sections of a name, what is to be said (lines that begin with {@code >}), and the file. */
    static Stream<Arguments> cases() throws IOException {
        try (InputStream in = RefusedRoutesTests.class.getResourceAsStream("refused-routes.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(all.split("(?m)^=== ", -1)).skip(1).map(RefusedRoutesTests::section);
        }
    }

    private static Arguments section(String section) {
        int title = section.indexOf('\n');
        List<String> expected = section.substring(title + 1)
                .lines()
                .takeWhile(line -> line.startsWith("> "))
                .map(line -> "routes.yml:" + line.substring(2))
                .toList();
        int skipped = title + 1;
        for (int line = 0; line < expected.size(); line++) {
            skipped = section.indexOf('\n', skipped) + 1;
        }
        return Arguments.of(section.substring(0, title), expected, section.substring(skipped));
    }
}
