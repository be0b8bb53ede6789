package dev.latchkey.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/endpoints.md has the name of each problem, and no other. */
final class ProblemsPageTests {

    private static final Path PAGE = Path.of("../docs/endpoints.md");
    private static final Path CODE = Path.of("src/main/java");
    private static final String HEADING = "### Names of problems";
    private static final Pattern MADE = Pattern.compile("new Problem\\(\\s*\"([a-z-]+)\"");
    private static final Pattern NAMED = Pattern.compile("`([a-z]+(?:-[a-z]+)*)`");

    @Test
    void namesWhenTheCodeMakesThemThenThePageHasThem() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf(HEADING));
        assertThat(named(NAMED, Stream.of(table.replace("`requestId`", "")))).isEqualTo(named(MADE, sources()));
    }

    private static Set<String> named(Pattern pattern, Stream<String> texts) {
        return texts.flatMap(text -> pattern.matcher(text).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(CODE)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(ProblemsPageTests::read)
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
