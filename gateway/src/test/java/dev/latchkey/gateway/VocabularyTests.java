package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** The field's words are used: names that were given up stay so, in code, configuration and pages alike. */
final class VocabularyTests {

    private static final Path ROOT = Path.of("..");
    private static final List<String> PLACES = List.of(
            "gateway/src",
            "sample-backend/src",
            "sample-provider/src",
            "docs",
            "bench",
            "deploy",
            "etc",
            "README.md",
            "CONTRIBUTING.md",
            "SECURITY.md",
            "docker-compose.yml");

    /** These refuse an old key, or show that it is refused. */
    private static final Set<String> REFUSING = Set.of(
            "former-names.txt", "RenamedKeys.java", "PropertiesCheck.java", "refused-routes.txt", "StartIT.java");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Z][a-z]+[A-Z]\\w*|[a-z]+[-._][-._a-z]+");

    @Test
    void typesWhenThereAreTheyHaveNoneOfTheFormerNames() throws IOException {
        Set<String> types = new ClassFileImporter()
                .importPackages("dev.latchkey.gateway").stream()
                        .filter(JavaClass::isTopLevelClass)
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());
        assertThat(types).hasSizeGreaterThan(500).doesNotContainAnyElementsOf(former().toList());
    }

    /** Whole identifiers of more than one word: a single word may also be plain English. */
    @Test
    void filesWhenTheyNameSomethingThenNotByAFormerName() throws IOException {
        Set<String> names =
                former().filter(name -> IDENTIFIER.matcher(name).matches()).collect(Collectors.toSet());
        assertThat(names).hasSizeGreaterThan(50);
        Pattern any = Pattern.compile("(?<![\\w.-])(?:"
                + names.stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")(?![\\w-])");
        List<String> found = PLACES.stream()
                .map(ROOT::resolve)
                .flatMap(VocabularyTests::files)
                .filter(file -> !REFUSING.contains(file.getFileName().toString()))
                .flatMap(file ->
                        any.matcher(read(file)).results().map(match -> ROOT.relativize(file) + ": " + match.group()))
                .toList();
        assertThat(found).isEmpty();
    }

    private static Stream<String> former() throws IOException {
        return new ClassPathResource("dev/latchkey/gateway/former-names.txt")
                .getContentAsString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"));
    }

    private static Stream<Path> files(Path place) {
        try (Stream<Path> all = Files.walk(place)) {
            return all.filter(Files::isRegularFile).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As Latin-1, since some files are no text. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
