package dev.latchkey.gateway.telemetry.accesslog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file that lines are appended to, and that others may move away, such as logrotate. For one thread; it blocks. */
final class AppendedFile {

    private static final int BUFFER = 64 * 1024;

    private final Path file;
    private @Nullable OutputStream out;
    private @Nullable Object key;

    AppendedFile(Path file) {
        this.file = file;
    }

    void write(byte[] line, int length) throws IOException {
        opened().write(line, 0, length);
    }

    private OutputStream opened() throws IOException {
        OutputStream open = out;
        if (open == null) {
            open = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), BUFFER);
            out = open;
            key = key();
        }
        return open;
    }

    void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    /** Closes what has been moved away; the next line makes a new file. */
    void follow() throws IOException {
        if (out != null && !Objects.equals(key, key())) {
            close();
        }
    }

    /** Identifies what is at the path now; null if nothing is. */
    private @Nullable Object key() {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    /** The next line opens it anew. */
    void close() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
