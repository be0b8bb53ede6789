package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/** Makes key sets in a folder; the same code serves the command line, the demo and tests. All of it blocks. */
public final class KeyDirectory {

    /** How long a further set waits before it signs: longer than anyone may cache the JWK set. */
    public static final Duration ACTIVATION_DELAY = Duration.ofMinutes(10);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String FOLDER_MODE = "rwx------";
    private static final String FILE_MODE = "rw-------";

    private KeyDirectory() {}

    /**
     * Adds a set: the first of a folder signs at once, a further one after {@link #ACTIVATION_DELAY}.
     *
     * @throws KeyFolderException where the folder cannot be read or written, or holds something that is no key set
     */
    public static GeneratedKeys create(Path directory, IdentityAlgorithm algorithm, InstantSource clock) {
        return create(directory, algorithm, clock, Optional.empty());
    }

    /**
     * Adds a set that signs from a given time on.
     *
     * @param activateAt empty for the times of the other method
     * @throws KeyFolderException where the folder cannot be read or written, or holds something that is no key set
     */
    public static GeneratedKeys create(
            Path directory, IdentityAlgorithm algorithm, InstantSource clock, Optional<Instant> activateAt) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            Files.createDirectories(directory, mode(FOLDER_MODE));
            boolean first = new KeyFolder(directory).read().parse().isEmpty();
            Instant usual = first ? now : now.plus(ACTIVATION_DELAY);
            KeySet set = KeySet.make(algorithm, now, activateAt.orElse(usual));
            Path file = write(directory, set);
            return new GeneratedKeys(file, set.ids(), set.access().activateAt(), first);
        } catch (IOException failed) {
            throw new KeyFolderException(
                    Position.start(directory.toString()),
                    "the folder cannot be written (" + failed.getClass().getSimpleName() + ")");
        }
    }

    /** A reader never meets half a file: it appears whole, under a name no reader looks at before. */
    private static Path write(Path directory, KeySet set) throws IOException {
        String name = "keys-" + STAMP.format(set.created()) + "-" + set.access().id() + ".json";
        Path temporary = directory.resolve("." + name + ".tmp");
        try {
            writeDurably(temporary, KeySetFile.write(set));
            return Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeDurably(Path file, byte[] content) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, mode(FILE_MODE))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static FileAttribute<?>[] mode(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
