package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.function.Function;

/** What came of reading the routes files: all of it, or nothing. */
public sealed interface RoutesReading {

    /** One function an outcome. */
    <R> R fold(Function<RoutesFile, R> read, Function<List<Fault>, R> refused);

    /** Nothing is wrong in it. */
    record Read(RoutesFile file) implements RoutesReading {
        @Override
        public <R> R fold(Function<RoutesFile, R> read, Function<List<Fault>, R> refused) {
            return read.apply(file);
        }
    }

    /**
     * It cannot be used.
     *
     * @param faults in the order of the files; the first ones if they are many
     */
    record Refused(List<Fault> faults) implements RoutesReading {
        @Override
        public <R> R fold(Function<RoutesFile, R> read, Function<List<Fault>, R> refused) {
            return refused.apply(faults);
        }
    }
}
