package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A proxy that is set up as the page shows passes nothing on that the gateway believes of it and a client has sent. */
final class ProxyExamplesTests {

    private static final Path ROOT = Path.of("..");
    private static final List<String> OTHERS =
            List.of("X-Forwarded-Port", "X-Forwarded-Prefix", "X-Request-Id", "traceparent", "tracestate");
    private static final List<String> REPLACED_BY_CADDY =
            List.of("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host");

    @ParameterizedTest
    @CsvSource({
        "nginx, proxy_set_header (\\S+) .*;",
        "haproxy, http-request (?:set|del)-header (\\S+).*",
        "caddyfile, header_up -(\\S+)"
    })
    void exampleWhenOnThePageThenReplacesWhatIsBelieved(String proxy, String line) throws IOException {
        String page = Files.readString(ROOT.resolve("docs/operations.md"));
        String example = Pattern.compile("(?s)```" + proxy + "\n(.*?)```")
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .findFirst()
                .orElseThrow();
        assertThat(headers(example, line)).containsAll(believed(proxy));
        if (proxy.equals("caddyfile")) {
            assertThat(headers(Files.readString(ROOT.resolve("deploy/Caddyfile")), line))
                    .containsAll(OTHERS);
        }
    }

    private static List<String> believed(String proxy) {
        return proxy.equals("caddyfile")
                ? OTHERS
                : Stream.of(OTHERS, REPLACED_BY_CADDY).flatMap(List::stream).toList();
    }

    private static List<String> headers(String example, String line) {
        return Pattern.compile("(?m)^\\s*" + line + "$")
                .matcher(example)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
