package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.util.List;
import java.util.function.Function;

/** What one look at the configured place showed. */
public sealed interface ReadResult {

    /** There is one file. */
    static ReadResult of(String name, byte[] bytes) {
        return new Loaded(new FileSnapshot(List.of(new SourceFile(name, bytes))));
    }

    /** There is nothing that can be read. */
    static ReadResult unreadable(String file, String why) {
        return new Unreadable(new Fault(Position.start(file), why));
    }

    /** One function for each outcome. */
    default <R> R fold(Function<FileSnapshot, R> loaded, Function<Fault, R> unreadable) {
        return this instanceof Loaded files ? loaded.apply(files.content) : unreadable.apply(((Unreadable) this).fault);
    }

    /** The same for the same content, or for the same reason why there is none. */
    default String fingerprint() {
        return fold(FileSnapshot::version, Fault::toString);
    }

    /** There are files, good or bad. */
    record Loaded(FileSnapshot content) implements ReadResult {}

    /** There is nothing that can be read. */
    record Unreadable(Fault fault) implements ReadResult {}
}
