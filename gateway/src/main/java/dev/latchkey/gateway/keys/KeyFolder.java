package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the folder that {@code latchkey.keys.directory} names: every {@code *.json} that is not hidden, or nothing. */
final class KeyFolder {

    private static final int MOST_FILES = 100;
    private static final int LONGEST_FILE = 64 * 1024;

    private final Path directory;

    KeyFolder(Path directory) {
        this.directory = directory;
    }

    /** What stands there now; blocks. */
    Content read() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (Path file : list()) {
            files.put(file.toString(), read(file));
        }
        return new Content(files);
    }

    private Position place() {
        return Position.start(directory.toString());
    }

    /** The files that others than owner and group can read; empty where the file system has no such notion. */
    List<String> readableByAll() {
        return list().stream()
                .filter(KeyFolder::isReadableByAll)
                .map(Path::toString)
                .toList();
    }

    private List<Path> list() {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(KeyFolder::isKeyFile).sorted().toList();
            if (files.size() > MOST_FILES) {
                throw new KeyFolderException(place(), "the folder has more than " + MOST_FILES + " files");
            }
            return files;
        } catch (IOException unreadable) {
            throw new KeyFolderException(place(), reason(unreadable, "the folder"));
        }
    }

    private static boolean isKeyFile(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".json") && !name.startsWith(".");
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > LONGEST_FILE) {
                throw new KeyFolderException(Position.start(file.toString()), "the file is longer than 64 kB");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new KeyFolderException(Position.start(file.toString()), reason(unreadable, "the file"));
        }
    }

    private static String reason(IOException failure, String what) {
        if (failure instanceof NoSuchFileException) {
            return what + " does not exist";
        }
        if (failure instanceof NotDirectoryException) {
            return "this is not a folder";
        }
        return failure instanceof AccessDeniedException
                ? "this user may not read " + what
                : what + " cannot be read (" + failure.getClass().getSimpleName() + ")";
    }

    private static boolean isReadableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** The files as bytes, so that a poll sees a change without reading any key. */
    static final class Content {

        private final SortedMap<String, byte[]> files;

        Content(SortedMap<String, byte[]> files) {
            this.files = files;
        }

        boolean isSameAs(Content other) {
            return files.keySet().equals(other.files.keySet())
                    && files.entrySet().stream()
                            .allMatch(file -> Arrays.equals(file.getValue(), other.files.get(file.getKey())));
        }

        int size() {
            return files.size();
        }

        /** All of them, or an exception that says which is wrong. */
        List<KeySet> parse() {
            List<KeySet> sets = new ArrayList<>();
            Set<String> ids = new HashSet<>();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                KeySet set = KeySetFile.read(file.getKey(), file.getValue());
                for (String id : set.ids()) {
                    requireNew(ids.add(id), id, file.getKey());
                }
                sets.add(set);
            }
            return List.copyOf(sets);
        }

        private static void requireNew(boolean isNew, String id, String name) {
            if (!isNew) {
                throw new KeyFolderException(
                        Position.start(name), "the file has the kid " + id + ", which another file has too");
            }
        }
    }
}
