package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the documents say about properties is what the code binds. */
final class ReadmeTests {

    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(latchkey\\.[a-z.-]+)` \\| ([^|]+) \\|");

    @Test
    void propertiesWhenTheReadmeListsThemThenTheyExistWithThoseDefaults() throws IOException {
        Map<String, String> bound = bound();
        Map<String, String> written = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(ROOT.resolve("README.md")));
        while (rows.find()) {
            written.put(rows.group(1), rows.group(2).strip());
        }
        assertThat(written).hasSizeGreaterThan(10);
        assertThat(bound.keySet()).containsAll(written.keySet());
        written.forEach(
                (name, value) -> assertThat(value).as(name).isIn("none", "must be set", "`" + bound.get(name) + "`"));
    }

    @Test
    void propertiesWhenTheCodeBindsThemThenADocumentNamesThem() throws IOException {
        String documents = documents();
        assertThat(bound().keySet())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(documents).contains(name.replace("latchkey.", "")));
    }

    private static String documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .map(ReadmeTests::read)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /** By name, with the default as text. */
    private static Map<String, String> bound() throws IOException {
        JsonNode metadata = JsonMapper.shared()
                .readTree(new ClassPathResource("META-INF/spring-configuration-metadata.json").getContentAsByteArray());
        Map<String, String> bound = new TreeMap<>();
        for (JsonNode property : metadata.path("properties")) {
            bound.put(
                    property.path("name").asString(),
                    property.path("defaultValue").asString(""));
        }
        bound.keySet().removeIf(name -> !name.startsWith("latchkey."));
        return bound;
    }
}
