package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.function.Function;

/** The outcome of reading the routes files: all of it, or nothing. */
public sealed interface RoutesReading {

    default <R> R fold(Function<RoutesFile, R> read, Function<List<Fault>, R> refused) {
        return this instanceof Read valid ? read.apply(valid.file) : refused.apply(((Refused) this).faults);
    }

    /** The files are valid. */
    record Read(RoutesFile file) implements RoutesReading {}

    /**
     * The files cannot be used.
     *
     * @param faults in the order of the files; the first ones if there are many
     */
    record Refused(List<Fault> faults) implements RoutesReading {}
}
