package dev.latchkey.gateway.routes.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.source.LastGoodRoutes;
import dev.latchkey.gateway.startup.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The last good routes outlive a restart with bad files. */
@ExtendWith(OutputCaptureExtension.class)
final class RoutesCopyTests {

    private static final String BACKEND = "http://127.0.0.1:8081";

    @TempDir
    private Path folder;

    private Path file;
    private Path state;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("routes.yml"), TestRoutes.file(BACKEND, "a"));
        state = folder.resolve("state");
    }

    @Test
    void startWhenFileIsBadThenLastGoodIsActiveAndSaidLoudly(CapturedOutput output) throws IOException {
        WatchedRoutes before = start();
        Files.writeString(file, TestRoutes.file(BACKEND, "a", "b"));
        before.settle();
        Files.writeString(file, "version: 1\nroutes: [x]\n");

        WatchedRoutes after = start();

        assertThat(after.ids()).containsExactly("a", "b");
        assertThat(after.table().version()).isEqualTo(before.table().version());
        assertThat(after.faults()).singleElement().asString().startsWith(file + ":2:10: ");
        assertThat(after.onCopy()).isTrue();
        assertThat(after.gauge("latchkey.routes.last.reload.successful")).isZero();
        assertThat(after.loaded()).isZero();
        assertThat(output)
                .contains("so the copy of the last good ones is active")
                .contains(file + ":2:10: ");
    }

    /** What the parser of YAML reports in ways of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"%YAML 2.0\n---\nversion: 1\n", "version: \"\\UFFFFFFFF\"\n"})
    void startWhenFileIsNoYamlThenLastGoodIsActive(String text) throws IOException {
        start();
        Files.writeString(file, text);

        assertThat(start().ids()).containsExactly("a");
    }

    @Test
    void startWhenFileIsAwayThenLastGoodIsActiveUntilItIsBack() throws IOException {
        start();
        Files.delete(file);
        WatchedRoutes after = start();
        assertThat(after.ids()).containsExactly("a");
        after.settle();
        assertThat(after.refused()).as("reported at the start").isEqualTo(1);

        Files.writeString(file, TestRoutes.file(BACKEND, "a"));
        after.settle();

        assertThat(after.onCopy()).isFalse();
        assertThat(after.faults()).isEmpty();
    }

    @Test
    void startWhenFolderThenAllFilesAreKept() throws IOException {
        Path several = Files.createDirectory(folder.resolve("routes.d"));
        Files.writeString(several.resolve("a.yml"), TestRoutes.file(BACKEND, "a"));
        Files.writeString(several.resolve("b.yml"), TestRoutes.file(BACKEND, "b") + "# caf\u00e9 \\ \"\n");
        new WatchedRoutes(several, state);
        Files.delete(several.resolve("a.yml"));
        Files.writeString(several.resolve("b.yml"), "");

        assertThat(new WatchedRoutes(several, state).ids()).containsExactly("a", "b");
    }

    @Test
    void startWhenThereIsNoCopyThenStops() throws IOException {
        Files.writeString(file, "");

        assertThatThrownBy(this::start).isInstanceOf(StartupException.class).hasMessageContaining(file + ":1:1: ");
    }

    @Test
    void startWhenCopyIsOfAnotherPlaceThenStops() throws IOException {
        start();
        Path other = Files.writeString(folder.resolve("other.yml"), "");

        assertThatThrownBy(() -> new WatchedRoutes(other, state)).isInstanceOf(StartupException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"files\":null}", "changed", "cut"})
    void startWhenCopyIsDamagedThenStops(String damage) throws IOException {
        start();
        String good = Files.readString(copy());
        String text = switch (damage) {
            case "changed" -> good.replace("access: public", "access: optional");
            case "cut" -> good.substring(0, good.length() / 2);
            default -> damage;
        };
        Files.writeString(copy(), text);
        Files.writeString(file, "");

        assertThatThrownBy(this::start).isInstanceOf(StartupException.class);
    }

    /** As after an update with stricter rules. */
    @Test
    void startWhenCopyIsNoGoodFileThenStops() throws IOException {
        FileSnapshot bad = new FileSnapshot(List.of(TestRoutes.text(file.toString(), "version: 2\n")));
        new LastGoodRoutes(state, file.toString()).save(bad);
        Files.writeString(file, "");

        assertThatThrownBy(this::start).isInstanceOf(StartupException.class);
    }

    @Test
    void startWhenFilesDifferFromTheCopyThenTheChangeIsAudited() throws IOException {
        String before = start().table().version();
        Files.writeString(file, TestRoutes.file(BACKEND, "b"));

        WatchedRoutes after = start();

        assertThat(after.audit())
                .containsExactly(AuditEvent.routesChanged(before, after.table().version()));
    }

    @Test
    void saveWhenPosixThenOnlyTheOwnerMayRead() throws IOException {
        start();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        assertThat(state.toFile().list()).containsExactly("last-good-routes.json");
    }

    @Test
    void saveWhenItFailsThenRoutesAreAppliedAndItIsSaid(CapturedOutput output) throws IOException {
        Files.writeString(state, "a file in the folder's place");
        WatchedRoutes routes = start();
        assertThat(routes.ids()).containsExactly("a");
        assertThat(routes.copyFault()).get().asString().contains("latchkey.routes.state-folder");
        assertThat(output).contains("no copy can be kept in " + copy());

        Files.delete(state);
        Files.writeString(file, TestRoutes.file(BACKEND, "b"));
        routes.settle();
        assertThat(routes.copyFault()).isEmpty();
    }

    @Test
    void saveWhenItCanBeDoneAgainThenItIsThoughNothingElseChanged(CapturedOutput output) throws IOException {
        Files.writeString(state, "a file in the folder's place");
        WatchedRoutes routes = start();
        routes.settle();
        assertThat(output.getOut().split("no copy can be kept", -1))
                .as("reported once")
                .hasSize(2);

        Files.delete(state);
        routes.settle();
        assertThat(routes.copyFault()).isEmpty();
        assertThat(copy()).exists();
    }

    private WatchedRoutes start() {
        return new WatchedRoutes(file, state);
    }

    private Path copy() {
        return state.resolve("last-good-routes.json");
    }
}
