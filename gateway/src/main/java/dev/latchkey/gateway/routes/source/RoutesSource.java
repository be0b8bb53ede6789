package dev.latchkey.gateway.routes.source;

import dev.latchkey.gateway.reload.FileLocation;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the routes file, or all {@code *.yml} in a folder. Blocks. */
public record RoutesSource(String location) {

    /** How many bytes all files may have together. One more is read, to know. */
    public static final int MOST_BYTES = 8 << 20;

    private static final int MOST_FILES = 1000;

    /** What is there now. */
    public ReadResult<FileSnapshot> look() {
        FileLocation place = new FileLocation(location);
        try {
            return place.isFolder() ? folder(place.path()) : ReadResult.of(location, place.read(MOST_BYTES + 1));
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            return ReadResult.unreadable(location, "the file cannot be read");
        }
    }

    /** Links are followed. What begins with a dot belongs to an editor or an orchestrator. */
    private ReadResult<FileSnapshot> folder(Path folder) throws IOException {
        List<String> names;
        try (Stream<Path> all = Files.list(folder)) {
            names = all.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .filter(name -> name.endsWith(".yml") || name.endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        if (names.isEmpty() || names.size() > MOST_FILES) {
            return ReadResult.unreadable(location, "the folder must hold 1 to " + MOST_FILES + " files named *.yml");
        }
        return names.stream()
                .filter(name -> name.endsWith(".yaml"))
                .findFirst()
                .map(name -> ReadResult.<FileSnapshot>unreadable(
                        nameOf(name), "only files named *.yml are read; rename it or take it away"))
                .orElseGet(() -> files(folder, names));
    }

    private ReadResult<FileSnapshot> files(Path folder, List<String> names) {
        List<SourceFile> files = new ArrayList<>();
        int left = MOST_BYTES + 1;
        for (String name : names) {
            try {
                byte[] bytes = FileLocation.read(folder.resolve(name), left);
                files.add(new SourceFile(nameOf(name), bytes));
                left -= bytes.length;
            } catch (IOException e) {
                return ReadResult.unreadable(nameOf(name), "the file cannot be read");
            }
        }
        return new ReadResult.Loaded<>(new FileSnapshot(files));
    }

    private String nameOf(String file) {
        return location + (location.endsWith("/") ? "" : "/") + file;
    }
}
