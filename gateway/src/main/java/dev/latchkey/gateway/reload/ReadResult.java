package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.util.List;
import java.util.function.Function;

/** What one look at the configured place showed. */
public sealed interface ReadResult {

    /** One function for each outcome. */
    <R> R fold(Function<FileSnapshot, R> loaded, Function<Fault, R> unreadable);

    /** There is one file. */
    static ReadResult of(String name, byte[] bytes) {
        return new Loaded(new FileSnapshot(List.of(new SourceFile(name, bytes))));
    }

    /** There is nothing that can be read. */
    static ReadResult unreadable(String file, String why) {
        return new Unreadable(new Fault(Position.start(file), why));
    }

    /** The same for the same content, or for the same reason why there is none. */
    default String fingerprint() {
        return fold(FileSnapshot::version, Fault::toString);
    }

    /** There are files, good or bad. */
    record Loaded(FileSnapshot content) implements ReadResult {
        @Override
        public <R> R fold(Function<FileSnapshot, R> loaded, Function<Fault, R> unreadable) {
            return loaded.apply(content);
        }
    }

    /** There is nothing that can be read. */
    record Unreadable(Fault fault) implements ReadResult {
        @Override
        public <R> R fold(Function<FileSnapshot, R> loaded, Function<Fault, R> unreadable) {
            return unreadable.apply(fault);
        }
    }
}
