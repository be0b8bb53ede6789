package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.util.List;
import java.util.function.Function;

/**
 * What came of reading files: all of it, or nothing.
 *
 * @param <T> what was read
 */
public sealed interface ReadResult<T> {

    /** There is one file. */
    static ReadResult<FileSnapshot> of(String name, byte[] bytes) {
        return new Loaded<>(new FileSnapshot(List.of(new SourceFile(name, bytes))));
    }

    /** There is nothing that can be read. */
    static <T> ReadResult<T> unreadable(String file, String why) {
        return new Refused<>(List.of(new Fault(Position.start(file), why)));
    }

    default <R> R fold(Function<T, R> loaded, Function<List<Fault>, R> refused) {
        return this instanceof Loaded<T> files
                ? loaded.apply(files.content)
                : refused.apply(((Refused<T>) this).faults);
    }

    /** They could be read. */
    record Loaded<T>(T content) implements ReadResult<T> {}

    /**
     * They cannot be used.
     *
     * @param faults in the order of the files; the first ones if there are many
     */
    record Refused<T>(List<Fault> faults) implements ReadResult<T> {}
}
