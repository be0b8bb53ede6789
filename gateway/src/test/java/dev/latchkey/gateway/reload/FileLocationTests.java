package dev.latchkey.gateway.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLocationTests {

    @TempDir
    private Path folder;

    @Test
    void readWhenLongerThanAskedForThenCutOff() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "12345");

        assertThat(new FileLocation("file:" + file).read(3)).asString().isEqualTo("123");
    }

    @Test
    void readWhenThereIsNoFileThenSaysSo() {
        assertThatThrownBy(() -> FileLocation.read(folder.resolve("file"), 1)).isInstanceOf(NoSuchFileException.class);
    }

    /** A link to itself stands for all reasons that do not depend on the user: tests may run as root. */
    @Test
    void readWhenTheFileCannotBeReachedThenTheReasonIsNotLost() throws IOException {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, link);

        assertThatThrownBy(() -> FileLocation.read(link, 1))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(link.toString());
    }

    @Test
    void readWhenNotARegularFileThenRefused() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        for (Path other : new Path[] {pipe, folder}) {
            assertThatThrownBy(() -> FileLocation.read(other, 1)).hasMessage("not a regular file");
        }
    }
}
