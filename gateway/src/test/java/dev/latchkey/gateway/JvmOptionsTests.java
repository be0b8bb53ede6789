package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The options of the JVM: the file of them, the image and the pages say the same. */
final class JvmOptionsTests {

    private static final Path ROOT = Path.of("..");
    private static final Path FOLDER = ROOT.resolve("deploy");
    private static final String FILE = "jvm.options";
    private static final String FILE_OF_25 = "jvm25.options";
    private static final Pattern ARGUMENT = Pattern.compile("(?:@|-)[^\\s\",\\\\]+");

    @Test
    void optionsWhenTheyAreAFileThenThisJvmTakesThem() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + FOLDER.resolve(FILE)));
        if (Runtime.version().feature() == 25) {
            command.add("@" + FOLDER.resolve(FILE_OF_25));
        }
        command.add("-version");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).doesNotContainIgnoringCase("warning");
    }

    @Test
    void optionsWhenTheyAreInAFileThenThePageExplainsEach() throws IOException {
        String page = read("docs", "operations.md");
        String section = page.substring(page.indexOf("## The JVM\n"));
        Stream<String> explained = section.substring(0, section.indexOf("\n## ", 1))
                .lines()
                .filter(line -> line.startsWith("| `-"))
                .map(line -> line.substring(3, line.indexOf('`', 3)));
        assertThat(explained)
                .containsExactlyElementsOf(Stream.of(in(FILE), in(FILE_OF_25), List.of("-XX:AOTCache=FILE"))
                        .flatMap(List::stream)
                        .toList());
    }

    /** The JVM does not use a cache that was made with other options. */
    @Test
    void imageWhenItIsTrainedThenWithTheOptionsThatItRunsWith() throws IOException {
        String image = read("gateway", "Dockerfile");
        String training = between(image, "/train.sh /app/gateway.jar", "&&");
        assertThat(arguments(training.replace("AOTCacheOutput", "AOTCache")))
                .containsExactly("@/app/jvm.options", "@/app/jvm25.options", "-XX:AOTCache=/app/gateway.aot");
        assertThat(arguments(between(image, "ENTRYPOINT [", "]")))
                .containsExactly("@/app/jvm.options", "@/app/jvm25.options", "-XX:AOTCache=/app/gateway.aot", "-jar");
        assertThat(image).contains("COPY deploy/jvm.options deploy/jvm25.options ./");
    }

    /** Less memory is its own affair. */
    @Test
    void demoWhenItStartsAGatewayThenWithTheOptionsOfTheFiles() throws IOException {
        String options = between(read("etc", "Demo.java"), "String[] gatewayOptions() {", "\n    }\n");
        assertThat(options).contains('"' + FILE + '"', '"' + FILE_OF_25 + '"').doesNotContain("-XX:");
    }

    private static List<String> in(String file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static List<String> arguments(String text) {
        return ARGUMENT.matcher(text).results().map(MatchResult::group).toList();
    }

    private static String between(String text, String begin, String end) {
        Matcher found = Pattern.compile(Pattern.quote(begin) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        assertThat(found.find()).as(begin).isTrue();
        return found.group(1);
    }

    private static String read(String folder, String file) throws IOException {
        return Files.readString(ROOT.resolve(folder).resolve(file));
    }
}
