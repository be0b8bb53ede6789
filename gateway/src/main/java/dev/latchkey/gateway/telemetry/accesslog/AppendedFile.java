package dev.latchkey.gateway.telemetry.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that lines are appended to, and that others may move away, such as logrotate. Lines wait until they are
 * flushed, all of which are in the file then, or none. For one thread; it blocks.
 */
final class AppendedFile {

    private static final int BUFFER = 64 * 1024;

    private final Path file;
    private final ByteBuffer waiting = ByteBuffer.allocate(BUFFER);
    private @Nullable FileChannel out;
    private @Nullable Object key;

    AppendedFile(Path file) {
        this.file = file;
    }

    /** Whether it takes this line before the next flush. One that is longer than all of its room is never taken. */
    boolean add(byte[] line, int length) {
        boolean hasRoom = length <= waiting.remaining();
        if (hasRoom) {
            waiting.put(line, 0, length);
        }
        return hasRoom;
    }

    /** Writes the lines that wait. If it fails they are gone. */
    void flush() throws IOException {
        if (waiting.position() == 0) {
            return;
        }
        waiting.flip();
        try {
            append(opened());
        } finally {
            waiting.clear();
        }
    }

    private void append(FileChannel open) throws IOException {
        long before = open.size();
        try {
            while (waiting.hasRemaining()) {
                open.write(waiting);
            }
        } catch (IOException failure) {
            cut(open, before, failure);
            throw failure;
        }
    }

    /** Half a line would spoil the next one. A pipe cannot be cut. */
    private static void cut(FileChannel open, long size, IOException why) {
        try {
            open.truncate(size);
        } catch (IOException noFile) {
            why.addSuppressed(noFile);
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel open = out;
        if (open == null) {
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            out = open;
            key = key();
        }
        return open;
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
        FileChannel open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
