package dev.latchkey.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/provider-failures.md names tests that there are, and leaves no failure without one, or without a reason. */
final class ProviderFailuresPageTests {

    private static final Path PAGE = Path.of("..", "docs", "provider-failures.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern NUMBERED = Pattern.compile("(?m)^\\| (\\d+) \\|.*$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!---|#|what is tried).*$");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final int FAILURES = 63;

    @Test
    void rowsWhenNumberedThenEachFailureOnce() throws IOException {
        List<String> numbers = NUMBERED.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, FAILURES)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void rowWhenReadThenNamesATestOrSaysWhyItCannotHappen() throws IOException {
        assertThat(ROW.matcher(Files.readString(PAGE)).results().map(MatchResult::group))
                .hasSizeGreaterThan(FAILURES)
                .allMatch(row -> NAMED.matcher(row.substring(row.lastIndexOf('|', row.length() - 2)))
                                .find()
                        || row.contains("| Cannot happen: "));
    }

    @Test
    void testsWhenNamedThenThereAreSuch() throws IOException {
        Map<String, String> sources = sources();
        assertThat(NAMED.matcher(Files.readString(PAGE)).results())
                .hasSizeGreaterThan(FAILURES)
                .allSatisfy(named -> assertThat(sources.getOrDefault(named.group(1), ""))
                        .as(named.group())
                        .containsPattern(
                                "@(Test|ParameterizedTest)\\b(?s:(?!\\bvoid\\b).)*?\\bvoid " + named.group(2) + "\\("));
    }

    private static Map<String, String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            ProviderFailuresPageTests::read,
                            (one, other) -> one + other));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
