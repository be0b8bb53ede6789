package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an image is built from is sent to the builder: .dockerignore keeps back all that it does not name. */
final class ImageFilesTests {

    private static final Path ROOT = Path.of("..");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(?:--\\S+ )*(.+) \\S+$");
    private static final Pattern BIND = Pattern.compile("type=bind,source=([^,\\s]+)");

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "sample-backend"})
    void imageWhenItIsBuiltThenFromFilesThatAreSent(String folder) throws IOException {
        String image = Files.readString(ROOT.resolve(folder).resolve("Dockerfile"));
        List<String> sent = Files.readAllLines(ROOT.resolve(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        List<String> needed = Stream.concat(
                        found(COPY, image).flatMap(sources -> Stream.of(sources.split(" +"))), found(BIND, image))
                .toList();
        assertThat(needed).contains("mvnw", "deploy/healthy.sh").allMatch(file -> Files.exists(ROOT.resolve(file)));
        assertThat(needed)
                .allMatch(file -> sent.stream().anyMatch(name -> file.equals(name) || file.startsWith(name + "/")));
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1));
    }
}
