package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.Optional;

/**
 * One kind of files that {@link ReloadableFile} follows: how to read and to parse them. All methods block.
 *
 * @param <T> what they are parsed to
 */
public interface ReloadSource<T> {

    /** Where the files are, for messages. */
    String location();

    /** Reads the files as they are now. */
    ReadResult<FileSnapshot> look();

    /**
     * Parses all of them.
     *
     * @param before what is active; empty at the start
     * @throws UnusableFileException with everything that is wrong, if anything is
     */
    Parsed<T> parse(FileSnapshot content, Optional<T> before);

    /** The exception that ends a start with these faults. */
    UnusableFileException unusable(List<Fault> faults);

    /** A copy of the last good files, for a start with bad ones. */
    default Optional<FileSnapshot> copy() {
        return Optional.empty();
    }

    /** Receives content that has just become active. */
    default void applied(FileSnapshot content) {}

    /** {@link #parse} of the files as they are now. */
    default Parsed<T> read() {
        return look().fold(content -> parse(content, Optional.empty()), faults -> {
            throw unusable(faults);
        });
    }

    /** What a running gateway would make of the files as they are now. */
    default FileReport check() {
        try {
            Parsed<T> parsed = read();
            return new FileReport(parsed.count(), List.of(), parsed.warnings());
        } catch (UnusableFileException wrong) {
            return FileReport.refused(wrong.faults());
        }
    }

    /**
     * What good files hold.
     *
     * @param count how many entries
     * @param summary what is active now, for the log
     * @param warnings what may be a mistake
     */
    record Parsed<T>(T value, int count, String summary, List<Fault> warnings) {

        public Parsed {
            warnings = List.copyOf(warnings);
        }
    }
}
