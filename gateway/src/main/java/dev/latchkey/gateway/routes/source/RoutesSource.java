package dev.latchkey.gateway.routes.source;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.SourceFile;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;

/**
 * The octets of the routes file, or of all {@code *.yml} in a folder; from the file system or from the jar, never from
 * a network. Blocks.
 */
public final class RoutesSource {

    private static final int MOST_FILES = 1000;
    private static final String CLASSPATH = "classpath:";
    private static final String FILE = "file:";

    private final String location;

    public RoutesSource(String location) {
        this.location = location;
    }

    /** As it is configured. */
    public String location() {
        return location;
    }

    /** Looks now. */
    public ReadResult look() {
        try {
            return location.startsWith(CLASSPATH) ? resource() : files(path());
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            return away(location, "the file cannot be read");
        }
    }

    private Path path() {
        return Path.of(location.startsWith(FILE) ? location.substring(FILE.length()) : location);
    }

    private ReadResult resource() throws IOException {
        try (InputStream in = new ClassPathResource(location.substring(CLASSPATH.length())).getInputStream()) {
            return seen(List.of(new SourceFile(location, in.readNBytes(FileSnapshot.MOST_BYTES + 1))));
        }
    }

    private ReadResult files(Path path) throws IOException {
        return Files.isDirectory(path)
                ? folder(path)
                : seen(List.of(new SourceFile(location, read(path, FileSnapshot.MOST_BYTES + 1))));
    }

    /** A file that a link leads to counts; what begins with a dot is an editor's or the orchestrator's own. */
    private ReadResult folder(Path folder) throws IOException {
        List<String> names;
        try (Stream<Path> all = Files.list(folder)) {
            names = all.map(it -> it.getFileName().toString())
                    .filter(it -> !it.startsWith("."))
                    .filter(it -> it.endsWith(".yml") || it.endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        if (names.isEmpty() || names.size() > MOST_FILES) {
            return away(location, "the folder must hold 1 to " + MOST_FILES + " files named *.yml");
        }
        return names.stream()
                .filter(it -> it.endsWith(".yaml"))
                .findFirst()
                .map(it -> away(nameOf(it), "only files named *.yml are read; rename it or take it away"))
                .orElseGet(() -> files(folder, names));
    }

    private ReadResult files(Path folder, List<String> names) {
        List<SourceFile> files = new ArrayList<>();
        int left = FileSnapshot.MOST_BYTES + 1;
        for (String name : names) {
            try {
                byte[] octets = read(folder.resolve(name), left);
                files.add(new SourceFile(nameOf(name), octets));
                left -= octets.length;
            } catch (IOException e) {
                return away(nameOf(name), "the file cannot be read");
            }
        }
        return seen(files);
    }

    private String nameOf(String file) {
        return location + (location.endsWith("/") ? "" : "/") + file;
    }

    /** A pipe or a device would be read for ever. */
    private static byte[] read(Path file, int most) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }

    private static ReadResult seen(List<SourceFile> files) {
        return new ReadResult.Seen(new FileSnapshot(files));
    }

    private static ReadResult away(String file, String why) {
        return new ReadResult.Away(new Fault(Position.start(file), why));
    }
}
