package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing else compiles the programs of the measurements, some of which use the gateway's own classes. */
final class BenchTests {

    private static final Pattern SCRIPT = Pattern.compile("\"([a-z]+/[a-z-]+\\.lua)\"");

    static Stream<Path> programs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "bench"))) {
            List<Path> programs = files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            return programs.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programWhenItNamesScriptsThenTheGatewayHasThem(Path program) throws IOException {
        assertThat(SCRIPT.matcher(Files.readString(program)).results().map(name -> name.group(1)))
                .allSatisfy(name ->
                        assertThat(getClass().getResource(name)).as(name).isNotNull());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programWhenTheGatewayChangesThenItStillCompiles(Path program, @TempDir Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
            boolean isCompiled = compiler.getTask(errors, files, null, options, null, files.getJavaFileObjects(program))
                    .call();

            assertThat(isCompiled).as("%s", errors).isTrue();
        }
    }
}
