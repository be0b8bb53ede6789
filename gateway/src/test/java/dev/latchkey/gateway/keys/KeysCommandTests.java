package dev.latchkey.gateway.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.command.KeysCommand;
import dev.latchkey.gateway.management.GatewayCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysCommandTests {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00.5Z"));

    @TempDir
    private Path parent;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void runWhenFolderIsNewThenOneSetThatSignsAtOnce() throws Exception {
        assertThat(run(folder())).isZero();

        assertThat(sets()).singleElement().satisfies(set -> {
            assertThat(set.access().activateAt()).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(set.identity().key().algorithm()).isEqualTo(IdentityAlgorithm.ES256);
        });
        assertThat(text(out)).contains("They sign at once.").doesNotContain("soon");
        assertThat(text(err)).isEmpty();
        assertNoSecretPrinted();
    }

    @Test
    void runWhenSecondTimeThenNewerSetBesideTheOldTenMinutesLater() throws Exception {
        assertThat(run(folder(), "--algorithm", "ES256")).isZero();
        assertThat(run(folder(), "--algorithm", "ES256")).isZero();

        assertThat(sets())
                .extracting(set -> set.access().activateAt().toString())
                .containsExactlyInAnyOrder("2026-03-01T12:00:00Z", "2026-03-01T12:10:00Z");
        assertThat(text(out)).contains("sign from 2026-03-01T12:10:00Z").doesNotContain("soon");
        assertNoSecretPrinted();
    }

    /** Backends that allow RS256 alone must not meet ES256 because keys are rolled over. */
    @Test
    void runWhenFolderHasAnAlgorithmThenTheNextSetHasItToo() throws Exception {
        assertThat(run(folder(), "--algorithm", "RS256")).isZero();
        assertThat(run(folder())).isZero();

        assertThat(sets())
                .extracting(set -> set.identity().key().algorithm())
                .containsExactly(IdentityAlgorithm.RS256, IdentityAlgorithm.RS256);
    }

    @Test
    void runWhenActivateInThenFromThen() {
        assertThat(run(folder(), "--algorithm", "ES256", "--activate-in", "2h")).isZero();

        assertThat(sets())
                .extracting(set -> set.access().activateAt().toString())
                .containsExactly("2026-03-01T14:00:00Z");
    }

    @Test
    void runWhenActivateAtThenFromThen() {
        assertThat(run("--activate-at", "2026-04-01T00:00:00Z", folder(), "--algorithm", "ES256"))
                .isZero();

        assertThat(sets())
                .extracting(set -> set.access().activateAt().toString())
                .containsExactly("2026-04-01T00:00:00Z");
    }

    @Test
    void runWhenSecondSetSignsSoonThenSaysWhatThatMeans() {
        run(folder(), "--algorithm", "ES256");

        assertThat(run(folder(), "--algorithm", "ES256", "--activate-in", "1m")).isZero();

        assertThat(text(out)).contains("That is soon");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "DIR DIR",
                "DIR --algorithm",
                "DIR --algorithm HS256",
                "DIR --algorithm none",
                "DIR --algorithm ES256 --algorithm ES256",
                "DIR --activate-in soon",
                "DIR --activate-in -5m",
                "DIR --activate-at tomorrow",
                "DIR --activate-at 2020-01-01T00:00:00Z",
                "DIR --activate-in 1m --activate-at 2027-01-01T00:00:00Z",
                "DIR --activate-in 100000000000d",
                "DIR --force"
            })
    void runWhenCalledWronglyThenOneSentenceAndTwo(String words) {
        String[] arguments = Arrays.stream(words.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .map(word -> word.equals("DIR") ? folder() : word)
                .toArray(String[]::new);

        assertThat(run(arguments)).isEqualTo(2);

        assertThat(text(err).lines()).hasSize(1);
        assertThat(text(err)).startsWith("keys: ").doesNotContain("Exception", "--force");
        assertThat(Path.of(folder())).doesNotExist();
    }

    @Test
    void runWhenFolderIsFileThenOneSentenceAndOne() throws Exception {
        Files.writeString(Path.of(folder()), "hello");

        assertThat(run(folder())).isEqualTo(1);

        assertThat(text(err).lines()).hasSize(1);
        assertThat(text(err)).startsWith("keys " + folder()).doesNotContain("\tat ");
    }

    @Test
    void runWhenFolderHoldsBadFileThenNothingIsAdded() throws Exception {
        Files.createDirectories(Path.of(folder()));
        Files.writeString(Path.of(folder(), "x.json"), "{");

        assertThat(run(folder())).isEqualTo(1);

        assertThat(text(err))
                .isEqualTo("keys " + Path.of(folder(), "x.json") + ":1:2: the file is not JSON, or names a member twice"
                        + System.lineSeparator());
        assertThat(Path.of(folder()).toFile().list()).containsExactly("x.json");
    }

    /** One more, and no gateway would start with the folder. */
    @Test
    void runWhenFolderHasAsManySetsAsAreReadThenNothingIsAdded() throws Exception {
        Files.createDirectories(Path.of(folder()));
        for (int set = 0; set < 100; set++) {
            byte[] made = KeySetFile.write(KeySet.make(IdentityAlgorithm.ES256, CLOCK.instant(), CLOCK.instant()));
            Files.write(Path.of(folder(), set + ".json"), made);
        }

        assertThat(run(folder())).isEqualTo(1);

        assertThat(text(err))
                .isEqualTo("keys " + folder() + ":1:1: the folder has 100 key sets, and a gateway reads no more; delete"
                        + " those that have retired" + System.lineSeparator());
        assertThat(sets()).hasSize(100);
    }

    private String folder() {
        return parent.resolve("keys").toString();
    }

    private List<KeySet> sets() {
        return KeyFolder.sets(Path.of(folder()));
    }

    private int run(String... arguments) {
        KeysCommand command = new KeysCommand(CLOCK, stream(out), stream(err));
        String[] words =
                Stream.concat(Stream.of("keys"), Arrays.stream(arguments)).toArray(String[]::new);
        return GatewayCommand.execute(List.of(command), stream(out), stream(err), words);
    }

    private void assertNoSecretPrinted() throws Exception {
        List<String> secrets = new ArrayList<>();
        try (var files = Files.list(Path.of(folder()))) {
            for (Path file : files.toList()) {
                Arrays.stream(Files.readString(file).split("\"", -1))
                        .filter(word -> word.length() >= 40)
                        .forEach(secrets::add);
            }
        }
        assertThat(secrets).isNotEmpty();
        assertThat(secrets).noneMatch(secret -> text(out).contains(secret));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(UTF_8);
    }
}
