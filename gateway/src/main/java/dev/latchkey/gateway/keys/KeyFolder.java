package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.FileLocation;
import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.ReloadSource;
import dev.latchkey.gateway.reload.SourceFile;
import dev.latchkey.gateway.reload.UnusableFileException;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder that {@code latchkey.keys.directory} names: its {@code *.json} that are not hidden, all or none of them.
 */
public final class KeyFolder implements ReloadSource<KeySets> {

    /** A folder with more is not read. */
    static final int MOST_FILES = 100;

    private static final int MOST_KILOBYTES = 64;

    private final Path directory;
    private final Optional<IdentityAlgorithm> algorithm;
    private final KeySets.Lifetimes lifetimes;

    KeyFolder(Path directory, Optional<IdentityAlgorithm> algorithm, KeySets.Lifetimes lifetimes) {
        this.directory = directory;
        this.algorithm = algorithm;
        this.lifetimes = lifetimes;
    }

    /**
     * What a gateway would make of a folder. Blocks.
     *
     * @param algorithm that it signs identity tokens with; empty for that of the newest key
     */
    public static FileReport check(Path directory, Optional<IdentityAlgorithm> algorithm) {
        KeySets.Lifetimes unknownHere = new KeySets.Lifetimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        return new KeyFolder(directory, algorithm, unknownHere).check();
    }

    @Override
    public String location() {
        return directory.toString();
    }

    @Override
    public ReadResult<FileSnapshot> look() {
        return look(directory);
    }

    private static ReadResult<FileSnapshot> look(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(KeyFolder::isKeyFile).sorted().toList();
            return files.size() > MOST_FILES
                    ? ReadResult.unreadable(directory.toString(), "the folder has more than " + MOST_FILES + " files")
                    : read(files);
        } catch (UncheckedIOException brokenOff) {
            return ReadResult.unreadable(directory.toString(), "the folder cannot be read");
        } catch (IOException unreadable) {
            return ReadResult.unreadable(directory.toString(), reason(unreadable, "the folder"));
        }
    }

    private static boolean isKeyFile(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".json") && !name.startsWith(".");
    }

    private static ReadResult<FileSnapshot> read(List<Path> paths) {
        List<SourceFile> files = new ArrayList<>();
        for (Path path : paths) {
            try {
                byte[] bytes = FileLocation.read(path, MOST_KILOBYTES * 1024 + 1);
                if (bytes.length > MOST_KILOBYTES * 1024) {
                    return ReadResult.unreadable(path.toString(), "the file is longer than " + MOST_KILOBYTES + " kB");
                }
                files.add(new SourceFile(path.toString(), bytes));
            } catch (IOException unreadable) {
                return ReadResult.unreadable(path.toString(), reason(unreadable, "the file"));
            }
        }
        return new ReadResult.Loaded<>(new FileSnapshot(files));
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

    @Override
    public Parsed<KeySets> parse(FileSnapshot content, Optional<KeySets> before) {
        List<KeySet> sets = sets(content);
        if (sets.isEmpty()) {
            throw wrong(
                    Position.start(location()),
                    "the folder (latchkey.keys.directory) has no keys; java -jar gateway.jar keys " + directory
                            + " makes them");
        }
        algorithm.ifPresent(wanted -> checkKeyOf(wanted, sets));
        return new Parsed<>(
                KeySets.of(sets, algorithm, lifetimes),
                sets.size(),
                sets.size() + " key sets are active",
                readableByAll(content));
    }

    private void checkKeyOf(IdentityAlgorithm wanted, List<KeySet> sets) {
        if (sets.stream().noneMatch(set -> set.identity().key().algorithm() == wanted)) {
            throw wrong(
                    Position.start(location()),
                    "the folder has no identity key for " + wanted
                            + " (latchkey.keys.identity-algorithm); java -jar gateway.jar keys " + directory
                            + " --algorithm " + wanted + " makes one");
        }
    }

    /**
     * All sets of a folder, which may be empty.
     *
     * @throws UnusableFileException if it cannot be read, or holds a file that is not a key set
     */
    static List<KeySet> sets(Path directory) {
        return look(directory).fold(KeyFolder::sets, faults -> {
            throw wrong(faults);
        });
    }

    private static List<KeySet> sets(FileSnapshot content) {
        List<KeySet> sets = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (SourceFile file : content.files()) {
            KeySet set = KeySetFile.read(file.name(), file.bytes());
            for (String id : set.ids()) {
                if (!ids.add(id)) {
                    throw wrong(
                            Position.start(file.name()), "the file has the kid " + id + ", which another file has too");
                }
            }
            sets.add(set);
        }
        return List.copyOf(sets);
    }

    private static List<Fault> readableByAll(FileSnapshot content) {
        return content.files().stream()
                .map(SourceFile::name)
                .filter(KeyFolder::isReadableByAll)
                .map(name -> new Fault(Position.start(name), "every user of this machine can read it"))
                .toList();
    }

    private static boolean isReadableByAll(String file) {
        try {
            return Files.getPosixFilePermissions(Path.of(file)).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    @Override
    public UnusableFileException unusable(List<Fault> faults) {
        return wrong(faults);
    }

    /** Says, without any secret, what is wrong with a folder of keys and where. */
    static UnusableFileException wrong(Position place, String sentence) {
        return wrong(List.of(new Fault(place, sentence)));
    }

    private static UnusableFileException wrong(List<Fault> faults) {
        return new UnusableFileException("keys ", faults, "Check latchkey.keys.directory.");
    }
}
