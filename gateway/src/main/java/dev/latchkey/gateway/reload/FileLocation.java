package dev.latchkey.gateway.reload;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
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

    /**
     * What is in a file that is read as a whole, or why it cannot be.
     *
     * @param most bytes of it: whole kilobytes, or megabytes
     * @param property that names it, for the sentences
     */
    public ReadResult<FileSnapshot> look(int most, String property) {
        try {
            byte[] bytes = read(most + 1);
            return bytes.length > most
                    ? ReadResult.unreadable(value, "the file is larger than " + inWords(most))
                    : ReadResult.of(value, bytes);
        } catch (NoSuchFileException | FileNotFoundException missing) {
            return ReadResult.unreadable(value, "the file does not exist (" + property + ")");
        } catch (IOException | InvalidPathException unreadable) {
            return ReadResult.unreadable(value, "the file cannot be read (" + property + ")");
        }
    }

    private static String inWords(int bytes) {
        return bytes >> 20 > 0 ? (bytes >> 20) + " MB" : (bytes >> 10) + " kB";
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
