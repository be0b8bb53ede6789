package dev.latchkey.gateway.reload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.springframework.core.io.ClassPathResource;

/**
 * Where a file is: a path, or a text that begins with {@code classpath:} or {@code file:}; never a network. Blocks.
 *
 * @param value as it is configured
 */
public record FileLocation(String value) {

    private static final String CLASSPATH = "classpath:";
    private static final String FILE = "file:";

    /** Whether there is a folder. */
    public boolean isFolder() {
        return !value.startsWith(CLASSPATH) && Files.isDirectory(path());
    }

    /**
     * The file or folder.
     *
     * @throws InvalidPathException if it cannot be a path
     */
    public Path path() {
        return Path.of(value.startsWith(FILE) ? value.substring(FILE.length()) : value);
    }

    /** At most this many bytes of the file. */
    public byte[] read(int most) throws IOException {
        if (!value.startsWith(CLASSPATH)) {
            return read(path(), most);
        }
        try (InputStream in = new ClassPathResource(value.substring(CLASSPATH.length())).getInputStream()) {
            return in.readNBytes(most);
        }
    }

    /** At most this many bytes of a file. A pipe or a device is refused, because reading it may never end. */
    public static byte[] read(Path file, int most) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException("not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }
}
