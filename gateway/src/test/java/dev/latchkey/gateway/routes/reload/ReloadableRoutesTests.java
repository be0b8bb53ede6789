package dev.latchkey.gateway.routes.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.source.RoutesSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Whatever becomes of the files, the active table is never worse than the last good one. */
@ExtendWith(OutputCaptureExtension.class)
final class ReloadableRoutesTests {

    private static final String BACKEND = "http://127.0.0.1:8081";
    private static final String GOOD = TestRoutes.file(BACKEND, "a", "b");

    @TempDir
    private Path folder;

    private Path file;
    private WatchedRoutes routes;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("routes.yml"), GOOD);
        routes = new WatchedRoutes(file);
    }

    @Test
    void pollWhenChangedThenTakenAtTheSecondLookAndReported(CapturedOutput output) throws IOException {
        String before = routes.table().version();
        write(TestRoutes.file(BACKEND, "b", "c", "a"));

        routes.look();
        assertThat(routes.ids()).containsExactly("a", "b");
        routes.look();
        assertThat(routes.ids()).containsExactly("b", "c", "a");

        String after = routes.table().version();
        assertThat(routes.audit()).containsExactly(AuditEvent.routesChanged(before, after));
        assertThat(output).contains("routes: 3 routes are active, version " + after);
        assertThat(routes.loaded()).isEqualTo(2);
        assertThat(routes.gauge("latchkey.routes.count")).isEqualTo(3);
        assertThat(routes.gauge("latchkey.routes.last.reload.successful")).isEqualTo(1);
        assertThat(routes.gauge("latchkey.routes.last.reload.success.timestamp"))
                .isEqualTo((double) WatchedRoutes.START.getEpochSecond());
    }

    @Test
    void pollWhenStillBeingWrittenThenWaits() throws IOException {
        for (int count = 3; count < 9; count++) {
            write(TestRoutes.file(
                    BACKEND,
                    IntStream.range(0, count).mapToObj(number -> "r" + number).toArray(String[]::new)));
            routes.look();
            assertThat(routes.ids()).containsExactly("a", "b");
        }
        routes.look();
        assertThat(routes.ids()).hasSize(8);
    }

    @Test
    void pollWhenBadThenLastGoodStaysAndEverythingSaysWhere(CapturedOutput output) throws IOException {
        write(GOOD.replace("access: public", "acces: public"));
        routes.settle();
        routes.settle();

        String fault = file + ":3:76: route 'a': unknown key 'entry.acces'; known here: access";
        assertThat(routes.ids()).containsExactly("a", "b");
        assertThat(routes.faults()).anyMatch(sentence -> sentence.startsWith(fault));
        assertThat(output.toString().split("what was active before stays active", -1))
                .hasSize(2);
        assertThat(output).contains(fault);
        assertThat(routes.refused()).isEqualTo(1);
        assertThat(routes.gauge("latchkey.routes.last.reload.successful")).isZero();
        assertThat(routes.faultTags()).containsExactly(file + ":3:74");
        assertThat(routes.audit()).isEmpty();
    }

    @Test
    void pollWhenFixedThenFaultsAreGone(CapturedOutput output) throws IOException {
        write("routes: [");
        routes.settle();
        write(GOOD);
        routes.settle();

        assertThat(routes.faults()).isEmpty();
        assertThat(routes.faultTags()).isEmpty();
        assertThat(routes.gauge("latchkey.routes.last.reload.successful")).isEqualTo(1);
        assertThat(routes.audit()).isEmpty();
        assertThat(output).contains("the files again hold what is active");

        write(TestRoutes.file(BACKEND, "c"));
        routes.settle();
        assertThat(routes.ids()).containsExactly("c");
    }

    @Test
    void pollWhenAwayForAMomentThenNothingHappened(CapturedOutput output) throws IOException {
        Files.delete(file);
        routes.look();
        write(GOOD);
        routes.settle();

        assertThat(routes.refused()).isZero();
        assertThat(output).doesNotContain("cannot be used");
    }

    @Test
    void pollWhenDeletedThenLastGoodStaysAndEachAbsenceIsSaid(CapturedOutput output) throws IOException {
        for (int time = 0; time < 2; time++) {
            Files.delete(file);
            routes.settle();
            assertThat(routes.ids()).containsExactly("a", "b");
            assertThat(routes.faults()).containsExactly(file + ":1:1: the file cannot be read");
            write(GOOD);
            routes.settle();
            assertThat(routes.faults()).isEmpty();
        }

        assertThat(output.toString().split("cannot be read", -1)).hasSize(3);
    }

    /** What takes the file's place and cannot be read; that a root user may read everything is beside the point. */
    @Test
    void pollWhenUnreadableThenLastGoodStays() throws IOException {
        Files.delete(file);
        Files.createSymbolicLink(file, folder.resolve("nowhere"));
        routes.settle();
        assertThat(routes.faults()).singleElement().asString().startsWith(file + ":1:1: ");

        Files.delete(file);
        Files.createDirectory(file);
        routes.settle();
        assertThat(routes.faults()).containsExactly(file + ":1:1: the folder must hold 1 to 1000 files named *.yml");
        assertThat(routes.ids()).containsExactly("a", "b");
    }

    @Test
    void pollWhenPermissionIsTakenThenLastGoodStays() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
        assumeFalse(Files.isReadable(file), "this user reads every file");
        routes.settle();

        assertThat(routes.faults()).containsExactly(file + ":1:1: the file cannot be read");
        assertThat(routes.ids()).containsExactly("a", "b");
    }

    static Stream<Arguments> badFiles() {
        String bom = "\uFEFF" + GOOD;
        String tab = GOOD.replace("  - { id: b", "\t- { id: b");
        String twice = GOOD.replace("id: b,", "id: b, id: c,");
        return Stream.of(
                Arguments.of("an empty file", "", ":1:1: the file must hold version: 1 and routes"),
                Arguments.of("a file cut in a line", GOOD.substring(0, GOOD.length() - 9), ":4:"),
                Arguments.of("a file cut at a line's end", GOOD.stripTrailing(), ":4:94: the last line must end"),
                Arguments.of("a byte order mark", bom, ":1:1: the file begins with a byte order mark"),
                Arguments.of("a tab", tab, ":4:1: this is not YAML"),
                Arguments.of("a key twice", twice, ":4:14: route 'b': duplicate key 'id'"),
                Arguments.of("values without end", "a: [" + "[],".repeat(1_100_000) + "]\n", ":1:"),
                Arguments.of("a file over the limit", GOOD + "#".repeat(RoutesSource.MOST_BYTES) + "\n", ":1:1: "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void pollWhenFileIsBadThenLastGoodStaysAndTheFaultNamesItsPlace(String name, String text, String fault)
            throws IOException {
        write(text);
        routes.settle();

        assertThat(routes.ids()).containsExactly("a", "b");
        assertThat(routes.faults().get(0)).startsWith(file + fault);
    }

    @Test
    void pollWhenAPathIsMadeOfAliasesOfAliasesThenNoneIsWrittenOut() throws IOException {
        write(bomb());
        routes.settle();

        assertThat(routes.ids()).containsExactly("a", "b");
        assertThat(routes.faults()).contains(file + ":15:11: YAML aliases are not allowed; write the value out");
    }

    /** Nine levels of ten: who wrote them out would have a thousand million values. */
    private static String bomb() {
        StringBuilder text = new StringBuilder("version: 1\nroutes:\n  - id: c\n    match:\n      path:\n");
        text.append("        - &a0 [%s]\n".formatted(ten("/x")));
        for (int level = 1; level < 9; level++) {
            text.append("        - &a%d [%s]\n".formatted(level, ten("*a" + (level - 1))));
        }
        return text.append("        - *a8\n    to: \"%s\"\n    entry: { access: public }\n".formatted(BACKEND))
                .toString();
    }

    private static String ten(String value) {
        return String.join(", ", Collections.nCopies(10, value));
    }

    @Test
    void pollWhenCarriageReturnsThenTaken() throws IOException {
        write(TestRoutes.file(BACKEND, "c").replace("\n", "\r\n"));
        routes.settle();

        assertThat(routes.ids()).containsExactly("c");
    }

    @Test
    void pollWhenTenThousandRoutesInFiveMegabytesThenTaken() throws IOException {
        String[] ids =
                IntStream.range(0, 10_000).mapToObj(number -> "r" + number).toArray(String[]::new);
        String text = TestRoutes.file(BACKEND, ids);
        write(text + ("#" + "x".repeat(999) + "\n").repeat(5_000 - text.length() / 1001));
        assertThat(Files.size(file)).isBetween(4_990_000L, 5_010_000L);
        routes.settle();

        assertThat(routes.faults()).isEmpty();
        assertThat(routes.ids()).containsExactly(ids);
    }

    /** As the orchestrator does it: the files are links into {@code ..data}, and that link is replaced in one step. */
    @Test
    void pollWhenConfigMapIsSwappedThenTakenEachTime() throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        swap(mount, 0);
        Files.createSymbolicLink(mount.resolve("routes.yml"), Path.of("..data", "routes.yml"));
        WatchedRoutes aFile = new WatchedRoutes(mount.resolve("routes.yml"));
        WatchedRoutes aFolder = new WatchedRoutes(mount);
        for (int time = 1; time <= 5; time++) {
            swap(mount, time);
            aFile.settle();
            aFolder.settle();

            assertThat(aFile.ids()).containsExactly("r" + time);
            assertThat(aFolder.ids()).containsExactly("r" + time);
        }
        assertThat(aFile.refused() + aFolder.refused()).isZero();
        assertThat(aFile.loaded()).isEqualTo(6);
    }

    private static void swap(Path mount, int time) throws IOException {
        Path data = Files.createDirectory(mount.resolve("..2026_01_31_" + time));
        Files.writeString(data.resolve("routes.yml"), TestRoutes.file(BACKEND, "r" + time));
        Files.createSymbolicLink(mount.resolve("..data_tmp"), data.getFileName());
        Files.move(
                mount.resolve("..data_tmp"),
                mount.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void pollWhenAFolderGetsAFileThenBothAreActive() throws IOException {
        Path several = Files.createDirectory(folder.resolve("routes.d"));
        Files.writeString(several.resolve("b.yml"), TestRoutes.file(BACKEND, "b"));
        WatchedRoutes watched = new WatchedRoutes(several);
        Files.writeString(several.resolve("a.yml"), TestRoutes.file(BACKEND, "a"));
        watched.settle();
        assertThat(watched.ids()).containsExactly("a", "b");

        Files.writeString(several.resolve("c.yml"), TestRoutes.file(BACKEND, "b"));
        watched.settle();
        assertThat(watched.ids()).containsExactly("a", "b");
        assertThat(watched.faults()).singleElement().asString().startsWith(several.resolve("c.yml") + ":3:11: ");
    }

    @Test
    void logWhenAFileHoldsLineEndsInNamesThenItIsOneLine(CapturedOutput output) throws IOException {
        write("version: 1\n\"x\\nERROR forged \\u001b[0m\": 1\nroutes: []\n");
        routes.settle();

        assertThat(output.toString().lines()).noneMatch(line -> line.startsWith("ERROR forged"));
        assertThat(output).doesNotContain("\u001b[0m\"").contains("unknown key 'x\uFFFDERROR forged");
    }

    private void write(String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
