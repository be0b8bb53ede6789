package dev.latchkey.gateway.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path parent;

    @Test
    void runWhenNoWordsThenGatewayStarts() {
        assertThat(run()).isEmpty();
        assertThat(run("--spring.profiles.active=demo")).isEmpty();
    }

    @Test
    void runWhenKeysThenKeysAreMade() {
        Path folder = parent.resolve("keys");

        assertThat(run("keys", folder.toString(), "--algorithm", "ES256")).hasValue(0);

        assertThat(folder).isNotEmptyDirectory();
    }

    @Test
    void runWhenKeysWithoutFolderThenTwo() {
        assertThat(run("keys")).hasValue(2);
    }

    @Test
    void runWhenUsersHashThenWordsAfterItAreTheCommands() {
        assertThat(run("users", "hash", "--algorithm", "md5")).hasValue(2);
        assertThat(err.toString(UTF_8)).startsWith("users hash: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "key", "KEYS", "", "-h", "start", "keys2"})
    void runWhenWordIsUnknownThenUsageAndTwo(String word) {
        assertThat(run(word)).hasValue(2);
        assertThat(err.toString(UTF_8)).startsWith("usage:").contains("keys DIR");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void runWhenHelpThenUsageAndZero() {
        assertThat(run("help")).hasValue(0);
        assertThat(out.toString(UTF_8)).startsWith("usage:");
    }

    private OptionalInt run(String... words) {
        return CommandLine.run(
                words,
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }
}
