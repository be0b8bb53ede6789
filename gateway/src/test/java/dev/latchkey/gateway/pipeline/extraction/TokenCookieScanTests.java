package dev.latchkey.gateway.pipeline.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.cookie.CookieNames;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The scan takes the same lines for the same tokens as the decoder by which the server reads cookies. */
final class TokenCookieScanTests {

    private static final int ROUNDS = 5_000;

    private static final List<String> PIECES = List.of(
            "k-access",
            "k-access",
            "k-refresh-0",
            "k-refresh-1",
            "k-refresh-2",
            "K-Access",
            "k-acces",
            "k-accesss",
            "$Version",
            "$Path",
            "$Domain",
            "=",
            "=",
            "=",
            ";",
            ";",
            ";",
            "; ",
            ",",
            " ",
            "\t",
            "\"",
            "\"",
            "\\",
            "a",
            "eyJ.eyJ.sig_-",
            "x=y",
            "\u00e9",
            "\u0001",
            "\u007f",
            "\u000b",
            "\f",
            "(",
            "/",
            ":",
            "%20",
            "~");

    private final CookieNames names = new CookieNames("k-");

    static Stream<Long> seeds() {
        return IntStream.range(0, 8).mapToObj(Long::valueOf);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readWhenAnyLinesThenAsTheServersDecoder(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> lines = Stream.generate(() -> line(random))
                    .limit(1 + random.nextInt(2))
                    .toList();

            assertThat(scanned(lines)).as("%s", lines).isEqualTo(decoded(lines));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "k-access=x | access x",
                "a=1; k-access=x; b=2 | access x",
                "k-access=x;k-refresh-1=y;k-refresh-0=z | access x, refresh z, refresh y",
                "k-access=\"x\" | access x",
                "k-access=\"\" | ``",
                "k-access= | ``",
                "k-access | ``",
                "k-access =x | ``",
                "k-access= x | ``",
                "k-access=x y | ``",
                "k-access=x,y | ``",
                "k-access=\"x | ``",
                "k-access=x\" | ``",
                "k-access=x\\y | ``",
                "K-ACCESS=x | ``",
                ",, k-access=x | access x",
                "k-access=x; k-access=y | twice",
                "k-access=x; k-access= | twice",
                "k-access=x; k-access=y z | access x",
                "a=k-access=x | ``",
                "k-access=a=b | access a=b",
            })
    void readWhenHostileThenByTheTable(String line, String result) {
        assertThat(scanned(List.of(line))).isEqualTo(result);
    }

    private static String line(Random random) {
        StringBuilder line = new StringBuilder();
        for (int piece = random.nextInt(14); piece > 0; piece--) {
            line.append(PIECES.get(random.nextInt(PIECES.size())));
            line.append(random.nextInt(3) == 0 ? "=x" : "");
            line.append(random.nextInt(4) == 0 ? ";" : "");
        }
        return line.toString();
    }

    private String scanned(List<String> lines) {
        TokenCookieScan scan = new TokenCookieScan(names.access(), names.refreshes());
        lines.forEach(scan::read);
        return scan.isRepeated()
                ? "twice"
                : described(scan.presented().access(), scan.presented().refreshes());
    }

    /** As the server and Spring read them: each line alone, all cookies of a name together. */
    private String decoded(List<String> lines) {
        Map<String, List<String>> cookies = new HashMap<>();
        for (String line : lines) {
            for (Cookie cookie : ServerCookieDecoder.STRICT.decodeAll(line)) {
                cookies.computeIfAbsent(cookie.name(), name -> new ArrayList<>())
                        .add(cookie.value());
            }
        }
        List<String> ours = Stream.concat(Stream.of(names.access()), names.refreshes().stream())
                .toList();
        if (ours.stream().anyMatch(name -> cookies.getOrDefault(name, List.of()).size() > 1)) {
            return "twice";
        }
        return described(
                value(cookies, ours.get(0)).map(AccessToken::new),
                ours.stream()
                        .skip(1)
                        .flatMap(name -> value(cookies, name).map(RefreshToken::new).stream())
                        .toList());
    }

    private static Optional<String> value(Map<String, List<String>> cookies, String name) {
        return cookies.getOrDefault(name, List.of()).stream().findFirst().filter(value -> !value.isEmpty());
    }

    private static String described(Optional<AccessToken> access, List<RefreshToken> refreshes) {
        return String.join(
                ", ",
                Stream.concat(
                                access.map(token -> "access " + token.value()).stream(),
                                refreshes.stream().map(token -> "refresh " + token.value()))
                        .toList());
    }
}
