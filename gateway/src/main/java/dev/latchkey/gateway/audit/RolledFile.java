package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.audit.AuditProperties.AuditFile;
import dev.latchkey.gateway.startup.StartupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that lines are appended to, and that makes room for a new one at a size: {@code .1} behind its name is the
 * newest of the old ones. Logback's own keeps to itself that a disk is full; here every line that is not written is
 * known. For one thread.
 */
final class RolledFile implements LineSink.Output {

    /** It names users: not for everybody on the machine. */
    private static final FileAttribute<Set<PosixFilePermission>> RIGHTS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path path;
    private final long maxSize;
    private final int maxFiles;

    RolledFile(Path path, AuditFile properties) {
        this.path = path;
        this.maxSize = properties.maxSize().toBytes();
        this.maxFiles = properties.maxFiles();
        try (FileChannel tried = open()) {
            tried.size();
        } catch (IOException failure) {
            throw new StartupException(
                    AuditSetting.UNWRITABLE + " (" + failure.getClass().getSimpleName() + ")");
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), RIGHTS);
    }

    /** Opened for each batch, so that one that was moved away, or whose disk is back, is followed. */
    @Override
    public void write(byte[] lines) throws IOException {
        roll(lines.length);
        try (FileChannel file = open()) {
            long before = file.size();
            ByteBuffer left = ByteBuffer.wrap(lines);
            try {
                while (left.hasRemaining()) {
                    file.write(left);
                }
            } catch (IOException failure) {
                cut(before);
                throw failure;
            }
        }
    }

    /** Half a line would spoil the next one. */
    private void cut(long size) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(size);
        }
    }

    private void roll(int more) throws IOException {
        if (!Files.exists(path) || Files.size(path) + more <= maxSize) {
            return;
        }
        Files.deleteIfExists(old(maxFiles - 1));
        for (int i = maxFiles - 2; i >= 1; i--) {
            if (Files.exists(old(i))) {
                Files.move(old(i), old(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, old(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path old(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
