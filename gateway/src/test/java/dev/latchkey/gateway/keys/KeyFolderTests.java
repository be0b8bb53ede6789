package dev.latchkey.gateway.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.reload.ReloadStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
final class KeyFolderTests {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    private static final IdentityAlgorithm ES256 = IdentityAlgorithm.ES256;

    @TempDir
    private Path parent;

    private Path folder;
    private Path file;

    @BeforeEach
    void makeKeys() {
        folder = parent.resolve("a/b");
        file = KeyDirectory.create(folder, ES256, CLOCK).file();
    }

    @Test
    void createWhenFolderIsNewThenOnlyOwnerMayEnterAndRead() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void createWhenDoneThenNothingTemporaryIsLeft() throws Exception {
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void openWhenKeysWereWrittenThenSameKeysAreRead() {
        KeySet made = KeySet.make(IdentityAlgorithm.RS256, CLOCK.instant(), CLOCK.instant());

        KeySet read = KeySetFile.read("it", KeySetFile.write(made));

        assertThat(read.ids()).isEqualTo(made.ids());
        assertThat(read.access().key().getEncoded())
                .isEqualTo(made.access().key().getEncoded());
        assertThat(read.refresh().key().getEncoded())
                .isEqualTo(made.refresh().key().getEncoded());
        assertThat(read.identity().key().signing())
                .isEqualTo(made.identity().key().signing());
        assertThat(read.identity().key().publicJwk())
                .isEqualTo(made.identity().key().publicJwk());
    }

    @Test
    void openWhenFolderIsMissingThenSentenceNamesIt() {
        Path missing = parent.resolve("nowhere");

        assertThatThrownBy(() -> KeyFolderWatch.open(missing, ES256, TestKeys.LIVES, TestKeys.status()))
                .isInstanceOf(KeyFolderException.class)
                .hasMessage("keys " + missing + ":1:1: the folder does not exist");
    }

    @Test
    void openWhenFolderIsFileThenSentenceSaysSo() {
        assertThatThrownBy(() -> KeyFolderWatch.open(file, ES256, TestKeys.LIVES, TestKeys.status()))
                .hasMessage("keys " + file + ":1:1: this is not a folder");
    }

    @Test
    void openWhenFolderIsEmptyThenSentenceNamesPropertyAndCommand() throws Exception {
        Files.delete(file);

        assertThatThrownBy(() -> KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status()))
                .hasMessage("keys " + folder + ":1:1: the folder (latchkey.keys.directory) has no keys;"
                        + " java -jar gateway.jar keys " + folder + " makes them");
    }

    @Test
    void openWhenNoKeyOfAlgorithmThenSentenceNamesProperty() {
        assertThatThrownBy(
                        () -> KeyFolderWatch.open(folder, IdentityAlgorithm.RS256, TestKeys.LIVES, TestKeys.status()))
                .hasMessageContaining("latchkey.keys.identity-algorithm")
                .hasMessageContaining("--algorithm RS256");
    }

    @Test
    void openWhenBothAlgorithmsThenSettingSignsAndOtherStaysPublished() {
        KeyDirectory.create(folder, IdentityAlgorithm.RS256, CLOCK);

        KeySets sets = KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status())
                .ring()
                .current();

        assertThat(sets.identity().signing(Instant.MAX.minusSeconds(1)).key().algorithm())
                .isEqualTo(ES256);
        assertThat(sets.published(CLOCK.instant())).hasSize(2);
    }

    /** Whatever is wrong, the sentence names the file and no part of a secret. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "version" : 1                | "version" : 2                  | is not of version 1
                    "created" : "                | "created" : "x                 | has no instant like
                    "activate-at" : "            | "activate-at" : "x             | has no instant like
                    "created"                    | "unknown"                      | must have exactly the members
                    "version"                    | "created"                      | names a member twice
                    {                            | (                              | is not JSON
                    "kty" : "oct"                | "kty" : "OCT"                  | has no readable JWK in access
                    "kty" : "EC"                 | "kty" : "RSA"                  | has no readable JWK in identity
                    "alg" : "HS256"              | "use" : "sig"                  | no symmetric key for HS256
                    "alg" : "ES256"              | "alg" : "RS256"                | nor a P-256 key with alg ES256
                    """)
    void pollWhenFileGoesBadThenLastGoodKeysStayAndSentenceSaysWhat(
            String good, String bad, String sentence, CapturedOutput output) throws Exception {
        KeyFolderWatch watch = KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status());
        KeySets before = watch.ring().current();
        String text = Files.readString(file);
        assertThat(text).contains(good);
        Files.write(file, text.replaceFirst(Pattern.quote(good), bad).getBytes(UTF_8));

        watch.poll();
        watch.poll();

        assertThat(watch.ring().current()).isSameAs(before);
        assertThat(output)
                .containsOnlyOnce(sentence)
                .doesNotContain("readable again")
                .contains(file.getFileName().toString());
        assertNoSecret(output.toString());
    }

    @Test
    void pollWhenFolderIsGoodAgainThenItsKeysAreTaken(CapturedOutput output) throws Exception {
        KeyFolderWatch watch = KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status());
        KeySets before = watch.ring().current();
        Path half = folder.resolve("half.json");
        Files.writeString(half, "{");
        watch.poll();
        Files.delete(half);
        KeyDirectory.create(folder, ES256, CLOCK);

        watch.poll();

        assertThat(watch.ring().current()).isNotSameAs(before);
        assertThat(output).contains("readable again");
    }

    @Test
    void pollWhenFileIsBadThenStatusTellsThePlaceUntilItIsGoodAgain() throws Exception {
        ReloadStatus status = TestKeys.status();
        KeyFolderWatch watch = KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, status);
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"kty\" : \"oct\"", "\"kty\" : \"OCT\""));
        watch.poll();
        watch.poll();

        assertThat(status.report().errors())
                .singleElement()
                .hasToString(file + ":5:3: the file has no readable JWK in access");

        Files.writeString(file, text.substring(0, text.indexOf("\"activate-at\"")));
        watch.poll();

        assertThat(status.report().errors())
                .singleElement()
                .extracting(it -> it.position().line())
                .isEqualTo(4);

        Files.writeString(file, text);
        watch.poll();

        assertThat(status.report().errors()).isEmpty();
        assertThat(status.report().count()).isEqualTo(1);
    }

    @Test
    void pollWhenFolderIsEmptiedOrGoneThenLastGoodKeysStay() throws Exception {
        KeyFolderWatch watch = KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status());
        KeySets before = watch.ring().current();

        Files.delete(file);
        watch.poll();
        Files.delete(folder);
        watch.poll();

        assertThat(watch.ring().current()).isSameAs(before);
    }

    @Test
    void pollWhenNothingChangedThenNothingIsSwapped() throws Exception {
        KeyFolderWatch watch = KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status());
        KeySets before = watch.ring().current();
        Files.writeString(folder.resolve(".hidden.json"), "{");
        Files.writeString(folder.resolve("README"), "not a key");

        watch.poll();

        assertThat(watch.ring().current()).isSameAs(before);
    }

    @Test
    void openWhenSameSetTwiceThenSentenceNamesTakenKid() throws Exception {
        Files.copy(file, folder.resolve("z.json"));

        assertThatThrownBy(() -> KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status()))
                .hasMessageContaining("z.json:1:1: the file has the kid ");
    }

    @Test
    void openWhenOneSecretServesBothThenRefused() {
        KeySet made = KeySet.make(ES256, CLOCK.instant(), CLOCK.instant());
        KeySet twin = new KeySet(
                made.created(),
                made.access(),
                new TimedKey<>("other", CLOCK.instant(), made.access().key()),
                made.identity());

        assertThatThrownBy(() -> KeySetFile.read("twin.json", KeySetFile.write(twin)))
                .hasMessage("keys twin.json:11:3: the file has the same secret for access and refresh");
    }

    @Test
    void openWhenOthersMayReadThenWarned(CapturedOutput output) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status());

        assertThat(output).contains("every user of this machine can read").contains(file.toString());
    }

    @Test
    void openWhenFileIsTooLongThenNotRead() throws Exception {
        Files.writeString(folder.resolve("long.json"), " ".repeat(70_000));

        assertThatThrownBy(() -> KeyFolderWatch.open(folder, ES256, TestKeys.LIVES, TestKeys.status()))
                .hasMessageEndingWith("long.json:1:1: the file is longer than 64 kB");
    }

    @Test
    void toStringWhenKeysThenNoSecret() {
        KeySet made = KeySet.make(ES256, CLOCK.instant(), CLOCK.instant());

        assertThat(List.of(made.toString(), made.identity().key().toString()))
                .noneMatch(text -> text.contains("\"d\"") || text.contains("crv"));
    }

    private void assertNoSecret(String text) throws Exception {
        for (String word : Files.readString(file).split("\"", -1)) {
            if (word.length() == 43) {
                assertThat(text).doesNotContain(word);
            }
        }
    }
}
