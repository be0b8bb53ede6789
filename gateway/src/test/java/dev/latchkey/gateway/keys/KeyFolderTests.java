package dev.latchkey.gateway.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.startup.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@ExtendWith(OutputCaptureExtension.class)
final class KeyFolderTests {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    private static final IdentityAlgorithm ES256 = IdentityAlgorithm.ES256;
    private static final JsonMapper JSON = new JsonMapper();

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

        assertThatThrownBy(() -> TestKeys.follow(missing, ES256))
                .isInstanceOf(StartupException.class)
                .hasMessage("keys " + missing + ":1:1: the folder does not exist");
    }

    @Test
    void openWhenFolderIsFileThenSentenceSaysSo() {
        assertThatThrownBy(() -> TestKeys.follow(file, ES256))
                .hasMessage("keys " + file + ":1:1: this is not a folder");
    }

    @Test
    void openWhenFolderIsEmptyThenSentenceNamesPropertyAndCommand() throws Exception {
        Files.delete(file);

        assertThatThrownBy(() -> TestKeys.follow(folder, ES256))
                .hasMessage("keys " + folder + ":1:1: the folder (latchkey.keys.directory) has no keys;"
                        + " java -jar gateway.jar keys " + folder + " makes them");
    }

    @Test
    void openWhenNoKeyOfAlgorithmThenSentenceNamesProperty() {
        assertThatThrownBy(() -> TestKeys.follow(folder, IdentityAlgorithm.RS256))
                .hasMessageContaining("latchkey.keys.identity-algorithm")
                .hasMessageContaining("--algorithm RS256");
    }

    @Test
    void openWhenBothAlgorithmsThenSettingSignsAndOtherStaysPublished() {
        KeyDirectory.create(folder, IdentityAlgorithm.RS256, CLOCK);

        KeySets sets = TestKeys.follow(folder, ES256).current();

        assertThat(sets.identity()
                        .signing(InstantSource.fixed(Instant.MAX.minusSeconds(1)))
                        .key()
                        .algorithm())
                .isEqualTo(ES256);
        assertThat(sets.published(CLOCK.instant())).hasSize(2);
    }

    /** So a folder that was made before goes on, and so does one whose algorithm is changed by a roll-over. */
    @Test
    void openWhenNoAlgorithmIsSetThenTheNewestActiveKeySigns() {
        KeyDirectory.GeneratedKeys next = KeyDirectory.create(folder, IdentityAlgorithm.RS256, CLOCK);

        KeySets sets = new ReloadableFile<>(new KeyFolder(folder, Optional.empty(), TestKeys.LIVES), TestKeys.status())
                .current();

        assertThat(sets.identity().signing(CLOCK).key().algorithm()).isEqualTo(ES256);
        assertThat(sets.identity()
                        .signing(InstantSource.fixed(next.activateAt()))
                        .key()
                        .algorithm())
                .isEqualTo(IdentityAlgorithm.RS256);
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
        ReloadableFile<KeySets> keys = TestKeys.follow(folder, ES256);
        KeySets before = keys.current();
        String text = Files.readString(file);
        assertThat(text).contains(good);
        Files.write(file, text.replaceFirst(Pattern.quote(good), bad).getBytes(UTF_8));

        settle(keys);

        assertThat(keys.current()).isSameAs(before);
        assertThat(output)
                .containsOnlyOnce(sentence)
                .doesNotContain("again hold what is active")
                .contains(file.getFileName().toString());
        assertNoSecret(output.toString());
    }

    @Test
    void pollWhenFolderIsGoodAgainThenItsKeysAreTaken(CapturedOutput output) throws Exception {
        ReloadableFile<KeySets> keys = TestKeys.follow(folder, ES256);
        KeySets before = keys.current();
        Path half = folder.resolve("half.json");
        Files.writeString(half, "{");
        settle(keys);
        Files.delete(half);
        KeyDirectory.create(folder, ES256, CLOCK);

        settle(keys);

        assertThat(keys.current()).isNotSameAs(before);
        assertThat(output).contains("keys: 2 key sets are active");
    }

    @Test
    void pollWhenAFileIsBeingCopiedInThenNothingIsReportedAndItIsTakenOnceItIsWhole(CapturedOutput output)
            throws Exception {
        ReloadStatus status = TestKeys.status();
        ReloadableFile<KeySets> keys = TestKeys.follow(folder, ES256, status);
        KeySets before = keys.current();
        byte[] whole = KeySetFile.write(KeySet.make(ES256, CLOCK.instant(), CLOCK.instant()));
        Path copy = folder.resolve("slow.json");
        Files.write(copy, Arrays.copyOf(whole, whole.length / 2));

        keys.poll();

        assertThat(keys.current()).isSameAs(before);
        assertThat(status.report().errors()).isEmpty();
        assertThat(output).doesNotContain("slow.json");

        Files.write(copy, whole);
        keys.poll();
        assertThat(keys.current()).isSameAs(before);
        keys.poll();
        assertThat(status.report().count()).isEqualTo(2);
        assertThat(keys.current().published(CLOCK.instant())).hasSize(2);
    }

    @Test
    void pollWhenFileIsBadThenStatusTellsThePlaceUntilItIsGoodAgain() throws Exception {
        ReloadStatus status = TestKeys.status();
        ReloadableFile<KeySets> keys = TestKeys.follow(folder, ES256, status);
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"kty\" : \"oct\"", "\"kty\" : \"OCT\""));
        settle(keys);

        assertThat(status.report().errors())
                .singleElement()
                .hasToString(file + ":5:3: the file has no readable JWK in access");

        Files.writeString(file, text.substring(0, text.indexOf("\"activate-at\"")));
        settle(keys);

        assertThat(status.report().errors())
                .singleElement()
                .extracting(error -> error.position().line())
                .isEqualTo(4);

        Files.writeString(file, text);
        settle(keys);

        assertThat(status.report().errors()).isEmpty();
        assertThat(status.report().count()).isEqualTo(1);
    }

    @Test
    void pollWhenFolderIsEmptiedOrGoneThenLastGoodKeysStay() throws Exception {
        ReloadableFile<KeySets> keys = TestKeys.follow(folder, ES256);
        KeySets before = keys.current();

        Files.delete(file);
        settle(keys);
        Files.delete(folder);
        settle(keys);

        assertThat(keys.current()).isSameAs(before);
    }

    @Test
    void pollWhenNothingChangedThenNothingIsSwapped() throws Exception {
        ReloadableFile<KeySets> keys = TestKeys.follow(folder, ES256);
        KeySets before = keys.current();
        Files.writeString(folder.resolve(".hidden.json"), "{");
        Files.writeString(folder.resolve("README"), "not a key");

        settle(keys);

        assertThat(keys.current()).isSameAs(before);
    }

    @Test
    void openWhenSameSetTwiceThenSentenceNamesTakenKid() throws Exception {
        Files.copy(file, folder.resolve("z.json"));

        assertThatThrownBy(() -> TestKeys.follow(folder, ES256))
                .hasMessageContaining("z.json:1:1: the file has the kid ");
    }

    /** No backend would accept what it signs. */
    @ParameterizedTest
    @CsvSource({"ES256, d", "ES256, x y", "RS256, n", "RS256, d p q dp dq qi"})
    void openWhenPrivateAndPublicKeyAreOfTwoPairsThenRefused(IdentityAlgorithm algorithm, String members) {
        ObjectNode file = (ObjectNode) JSON.readTree(written(algorithm));
        JsonNode other = JSON.readTree(written(algorithm)).path("identity");
        for (String member : members.split(" ", -1)) {
            ((ObjectNode) file.path("identity")).set(member, other.path(member));
        }

        assertThatThrownBy(() -> KeySetFile.read("mixed.json", JSON.writeValueAsBytes(file)))
                .isInstanceOf(StartupException.class)
                .hasMessageMatching(
                        "keys mixed.json:1:\\d+: the file has a private and a public key in identity that do not belong"
                                + " together");
    }

    private static byte[] written(IdentityAlgorithm algorithm) {
        return KeySetFile.write(KeySet.make(algorithm, CLOCK.instant(), CLOCK.instant()));
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
    void openWhenOneKidIsOfTwoKeysOfASetThenSentenceSaysWhere() {
        KeySet made = KeySet.make(ES256, CLOCK.instant(), CLOCK.instant());
        String taken = made.access().id();
        KeySet twin = new KeySet(
                made.created(),
                made.access(),
                new TimedKey<>(taken, CLOCK.instant(), made.refresh().key()),
                made.identity());

        assertThatThrownBy(() -> KeySetFile.read("twin.json", KeySetFile.write(twin)))
                .hasMessage("keys twin.json:11:3: the file has the kid " + taken + " twice");
    }

    @Test
    void openWhenOthersMayReadThenWarned(CapturedOutput output) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        TestKeys.follow(folder, ES256);

        assertThat(output).contains("every user of this machine can read").contains(file.toString());
    }

    @Test
    void openWhenFileIsTooLongThenNotRead() throws Exception {
        Files.writeString(folder.resolve("long.json"), " ".repeat(70_000));

        assertThatThrownBy(() -> TestKeys.follow(folder, ES256))
                .hasMessageEndingWith("long.json:1:1: the file is longer than 64 kB");
    }

    @Test
    void toStringWhenKeysThenNoSecret() {
        KeySet made = KeySet.make(ES256, CLOCK.instant(), CLOCK.instant());

        assertThat(List.of(made.toString(), made.identity().key().toString()))
                .noneMatch(text -> text.contains("\"d\"") || text.contains("crv"));
    }

    /** As Kubernetes does it: the files are links into {@code ..data}, and that link is replaced in one step. */
    @Test
    void pollWhenAMountedSecretIsSwappedThenItsKeysAreActive() throws Exception {
        Path mount = Files.createDirectory(parent.resolve("mount"));
        KeySet first = swap(mount, "..1");
        Files.createSymbolicLink(mount.resolve("keys.json"), Path.of("..data", "keys.json"));
        ReloadableFile<KeySets> keys = TestKeys.follow(mount, ES256);
        assertThat(keys.current().access().ids()).containsExactly(first.access().id());

        KeySet second = swap(mount, "..2");
        settle(keys);

        assertThat(keys.current().access().ids())
                .containsExactly(second.access().id());
    }

    private static KeySet swap(Path mount, String version) throws IOException {
        KeySet set = KeySet.make(ES256, CLOCK.instant(), CLOCK.instant());
        Path data = Files.createDirectory(mount.resolve(version));
        Files.write(data.resolve("keys.json"), KeySetFile.write(set));
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), data.getFileName());
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return set;
    }

    /** Two looks: a file at rest is read. */
    private static void settle(ReloadableFile<KeySets> keys) {
        keys.poll();
        keys.poll();
    }

    private void assertNoSecret(String text) throws Exception {
        for (String word : Files.readString(file).split("\"", -1)) {
            if (word.length() == 43) {
                assertThat(text).doesNotContain(word);
            }
        }
    }
}
