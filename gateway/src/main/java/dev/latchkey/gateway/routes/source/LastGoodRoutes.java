package dev.latchkey.gateway.routes.source;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last good routes files, kept where a start with bad ones finds them. It holds their texts and is read by the same
 * rules as they are. Blocks.
 */
public final class LastGoodRoutes {

    private static final String NAME = "last-good-routes.json";
    private static final String FOLDER_MODE = "rwx------";
    private static final String FILE_MODE = "rw-------";

    /** JSON may take six octets for one. */
    private static final int MOST_BYTES = 6 * FileSnapshot.MOST_BYTES + (1 << 20);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final String location;

    /** @param location whose files these are; those of another place are not taken for them */
    public LastGoodRoutes(Path folder, String location) {
        this.folder = folder;
        this.location = location;
    }

    /** Puts these files, which must be good, in the place of those kept before. */
    public void save(FileSnapshot content) throws IOException {
        List<Text> files = content.files().stream()
                .map(it -> new Text(it.name(), new String(it.octets(), StandardCharsets.UTF_8)))
                .toList();
        byte[] octets = JSON.writeValueAsBytes(new Kept(location, content.version(), files));
        Files.createDirectories(folder, mode(FOLDER_MODE));
        Path temporary = folder.resolve("." + NAME + ".tmp");
        Files.deleteIfExists(temporary);
        write(temporary, octets);
        Files.move(temporary, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder();
    }

    /** What was kept last; nothing where nothing was, where it is of another place, or where it is damaged. */
    public Optional<FileSnapshot> load() {
        try {
            return Files.isRegularFile(file())
                    ? Optional.ofNullable(JSON.readValue(read(), Kept.class)).flatMap(this::content)
                    : Optional.empty();
        } catch (IOException | JacksonException unusable) {
            return Optional.empty();
        }
    }

    public Path file() {
        return folder.resolve(NAME);
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file())) {
            return in.readNBytes(MOST_BYTES);
        }
    }

    private Optional<FileSnapshot> content(Kept kept) {
        FileSnapshot content = new FileSnapshot(kept.files().stream()
                .map(it -> new SourceFile(it.name(), it.text().getBytes(StandardCharsets.UTF_8)))
                .toList());
        return Optional.of(content)
                .filter(it -> kept.location().equals(location))
                .filter(it -> it.version().equals(kept.version()));
    }

    private static void write(Path file, byte[] octets) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, mode(FILE_MODE))) {
            ByteBuffer left = ByteBuffer.wrap(octets);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /** Or the name could be lost with the power. */
    private void syncFolder() throws IOException {
        if (isPosix()) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] mode(String permissions) {
        return isPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private record Kept(String location, String version, List<Text> files) {

        /** The file may hold anything. */
        Kept {
            Objects.requireNonNull(location);
            Objects.requireNonNull(version);
            files = List.copyOf(files);
        }
    }

    private record Text(String name, String text) {

        Text {
            Objects.requireNonNull(name);
            Objects.requireNonNull(text);
        }
    }
}
