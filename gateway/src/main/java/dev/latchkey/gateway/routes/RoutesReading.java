package dev.latchkey.gateway.routes;

import java.util.List;
import java.util.function.Function;

/** What came of reading the routes file: all of it, or nothing. */
sealed interface RoutesReading {

    /** One function an outcome. */
    <R> R fold(Function<RoutesFile, R> read, Function<List<String>, R> refused);

    /** Nothing is wrong in it. */
    record Read(RoutesFile file) implements RoutesReading {
        @Override
        public <R> R fold(Function<RoutesFile, R> read, Function<List<String>, R> refused) {
            return read.apply(file);
        }
    }

    /**
     * It cannot be used.
     *
     * @param reasons each with file, line and column, in the order of the file
     */
    record Refused(List<String> reasons) implements RoutesReading {
        @Override
        public <R> R fold(Function<RoutesFile, R> read, Function<List<String>, R> refused) {
            return refused.apply(reasons);
        }
    }
}
