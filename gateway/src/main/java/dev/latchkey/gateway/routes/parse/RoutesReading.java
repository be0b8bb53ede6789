package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.function.Function;

/** The outcome of reading the routes files: all of it, or nothing. */
public sealed interface RoutesReading {

    <R> R fold(Function<RoutesFile, R> read, Function<List<Fault>, R> refused);

    /** The files are valid. */
    record Read(RoutesFile file) implements RoutesReading {
        @Override
        public <R> R fold(Function<RoutesFile, R> read, Function<List<Fault>, R> refused) {
            return read.apply(file);
        }
    }

    /**
     * The files cannot be used.
     *
     * @param faults in the order of the files; the first ones if there are many
     */
    record Refused(List<Fault> faults) implements RoutesReading {
        @Override
        public <R> R fold(Function<RoutesFile, R> read, Function<List<Fault>, R> refused) {
            return refused.apply(faults);
        }
    }
}
