package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import java.util.function.Function;

/** What one look at the configured place showed. */
public sealed interface ReadResult {

    /** One function an outcome. */
    <R> R fold(Function<FileSnapshot, R> seen, Function<Fault, R> away);

    /** There are files, good or bad. */
    record Seen(FileSnapshot content) implements ReadResult {
        @Override
        public <R> R fold(Function<FileSnapshot, R> seen, Function<Fault, R> away) {
            return seen.apply(content);
        }
    }

    /** There is nothing that can be read. */
    record Away(Fault fault) implements ReadResult {
        @Override
        public <R> R fold(Function<FileSnapshot, R> seen, Function<Fault, R> away) {
            return away.apply(fault);
        }
    }
}
