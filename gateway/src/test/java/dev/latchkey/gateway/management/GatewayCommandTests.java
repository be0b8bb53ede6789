package dev.latchkey.gateway.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayCommandTests {

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
    @ValueSource(strings = {"users", "key", "KEYS", "", "-x", "start", "keys2", "--server.port=1 start", "check word"})
    void runWhenWordIsUnknownThenOneSentenceAndTwo(String words) {
        assertThat(run(words.split(" ", -1))).hasValue(2);
        assertThat(err.toString(UTF_8).lines()).singleElement().asString().contains("java -jar gateway.jar", "--help");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --help                              | [--PROPERTY=VALUE ...]
                    -h                                  | [--PROPERTY=VALUE ...]
                    help                                | [--PROPERTY=VALUE ...]
                    --spring.profiles.active=x --help   | [--PROPERTY=VALUE ...]
                    keys --help                         | Usage: java -jar gateway.jar keys
                    help keys                           | --activate-in
                    check --help                        | Exit code: 0
                    identity --help                     | serve
                    identity mint --help                | --audience
                    identity serve --help               | /mint?subject=
                    users --help                        | hash
                    users hash --help                   | --algorithm
                    routes --help                       | explain
                    routes check --help                 | --allowed-upstreams
                    routes diff --help                  | OLD NEW
                    routes list-public --help           | FILE
                    routes explain --help               | METHOD URL
                    """)
    void runWhenHelpThenUsageAndZero(String words, String said) {
        assertThat(run(words.split(" ", -1))).hasValue(0);
        assertThat(out.toString(UTF_8)).contains("Usage: java -jar gateway.jar", said);
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "keys --version", "users hash --version", "routes check -V"})
    void runWhenVersionThenThatAndZero(String words) {
        assertThat(run(words.split(" ", -1))).hasValue(0);
        assertThat(out.toString(UTF_8)).startsWith("Latchkey 0.").contains("Java " + Runtime.version());
    }

    /**
     * A full disk, or a pipe that nobody reads: a line that is missing in a file of tokens must not look like one that
     * is there.
     */
    @Test
    void runWhenTheOutputCannotBeWrittenThenSaysSoAndOne() {
        PrintStream full = new PrintStream(new OutputStream() {
            @Override
            public void write(int next) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        String[] words = {"admin", "token", "--name", "ada"};

        assertThat(GatewayCommand.run(words, InputStream.nullInputStream(), full, new PrintStream(err, true, UTF_8)))
                .hasValue(1);
        assertThat(err.toString(UTF_8).lines()).singleElement().asString().contains("could not be written");
    }

    private OptionalInt run(String... words) {
        return GatewayCommand.run(
                words,
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }
}
