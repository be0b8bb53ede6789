package dev.latchkey.gateway.routes.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of routes files is one file, and each fault names the file it is in. */
final class RoutesSourceTests {

    private static final String BACKEND = "http://127.0.0.1:8081";

    @TempDir
    private Path parent;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("routes.d"));
    }

    @Test
    void lookWhenFolderThenFilesAreReadInTheOrderOfTheirNames() throws IOException {
        write("20-last.yml", TestRoutes.file(BACKEND, "c"));
        write("10-first.yml", TestRoutes.file(BACKEND, "b", "a"));
        write(".hidden.yml", "not read");
        write("notes.txt", "not read");
        Files.createSymbolicLink(folder.resolve("15-link.yml"), write(".linked", TestRoutes.file(BACKEND, "z")));

        assertThat(read().<List<String>>fold(
                                file -> file.routes().stream()
                                        .map(RouteEntry::id)
                                        .toList(),
                                TestRoutes::sentences))
                .containsExactly("b", "a", "z", "c");
    }

    @Test
    void lookWhenSomethingIsWrongThenNamesEachFile() throws IOException {
        write("a.yml", TestRoutes.file(BACKEND, "one", "two"));
        write("b.yml", TestRoutes.file(BACKEND, "two"));
        write("c.yml", "version: 2\nroutes: []\n");

        assertThat(refused())
                .containsExactly(
                        folder + "/b.yml:3:11: route 'two': a route of this id stands in line 4 of " + folder
                                + "/a.yml",
                        folder + "/c.yml:1:10: version must be 1");
    }

    @Test
    void lookWhenAFileCannotBeReadThenNothingIsRead() throws IOException {
        write("a.yml", TestRoutes.file(BACKEND, "one"));
        Files.createSymbolicLink(folder.resolve("b.yml"), folder.resolve("nowhere"));

        assertThat(refused()).containsExactly(folder + "/b.yml:1:1: the file cannot be read");
    }

    @Test
    void lookWhenNothingIsToBeReadThenSaysSo() throws IOException {
        assertThat(refused()).containsExactly(folder + ":1:1: the folder must hold 1 to 1000 files named *.yml");
        write("a.yaml", "");
        assertThat(refused())
                .containsExactly(folder + "/a.yaml:1:1: only files named *.yml are read; rename it or take it away");
    }

    @Test
    void lookWhenFilesAreTogetherTooLargeThenSaysAtWhich() throws IOException {
        for (String name : List.of("a.yml", "b.yml", "c.yml")) {
            write(name, TestRoutes.file(BACKEND, name.substring(0, 1)) + "#" + "x".repeat(3 << 20) + "\n");
        }

        assertThat(refused())
                .containsExactly(
                        folder + "/c.yml:1:1: the files up to this one are together larger than 8388608 bytes");
    }

    @Test
    void lookWhenMoreRoutesThanAllowedTogetherThenSaysAtWhich() throws IOException {
        String[] ids = new String[RoutesReader.MOST_ROUTES];
        for (int number = 0; number < ids.length; number++) {
            ids[number] = "r" + number;
        }
        write("a.yml", TestRoutes.file(BACKEND, ids));
        write("b.yml", TestRoutes.file(BACKEND, "one-too-many"));

        assertThat(refused())
                .containsExactly(folder + "/b.yml:3:5: with this route the files together hold more than 20000 routes");
    }

    /** {@code sha256sum} shows operators which file a node has. */
    @Test
    void versionWhenOneFileThenItsDigest() {
        assertThat(new FileSnapshot(List.of(TestRoutes.text("routes.yml", "abc"))).version())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void versionWhenSeveralFilesThenNamesAndBordersCountAndTheFolderDoesNot() {
        String version = version("/etc/a.yml", "12", "/etc/b.yml", "3");

        assertThat(version("/srv/a.yml", "12", "/srv/b.yml", "3")).isEqualTo(version);
        assertThat(version("/etc/a.yml", "1", "/etc/b.yml", "23")).isNotEqualTo(version);
        assertThat(version("/etc/a.yml", "12", "/etc/c.yml", "3")).isNotEqualTo(version);
    }

    private static String version(String first, String one, String second, String other) {
        return new FileSnapshot(List.of(TestRoutes.text(first, one), TestRoutes.text(second, other))).version();
    }

    private ReadResult<RoutesFile> read() {
        return RoutesReader.read(folder.toString());
    }

    private List<String> refused() {
        return read().fold(file -> List.of(), TestRoutes::sentences);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
