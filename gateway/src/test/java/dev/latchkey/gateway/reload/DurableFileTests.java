package dev.latchkey.gateway.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFileTests {

    @TempDir
    private Path parent;

    @Test
    void writeWhenThereIsAFileThenAnotherTakesItsPlaceInOneStep() throws IOException {
        Path file = parent.resolve("a/b/file");
        DurableFile.write(parent.resolve("a/b"), "file", bytes("old"));
        Files.writeString(file.resolveSibling(".file.tmp"), "left by a crash");
        Path reader = Files.createLink(parent.resolve("what-a-reader-has-open"), file);

        DurableFile.write(parent.resolve("a/b"), "file", bytes("new"));

        assertThat(file).hasContent("new");
        assertThat(reader).as("the old file is not written to").hasContent("old");
        assertThat(parent.resolve("a/b").toFile().list()).containsExactly("file");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(parent.resolve("a/b"))).isEqualTo("rwx------");
    }

    @Test
    void writeWhenItFailsThenTheOldFileStaysAndNothingIsLeft() throws IOException {
        Path folder = Files.createDirectories(parent.resolve("folder/with-a-file"));
        Files.writeString(folder.resolve("inside"), "");

        assertThatThrownBy(() -> DurableFile.write(parent.resolve("folder"), "with-a-file", bytes("new")))
                .isInstanceOf(IOException.class);

        assertThat(folder.resolve("inside")).exists();
        assertThat(parent.resolve("folder").toFile().list()).containsExactly("with-a-file");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
