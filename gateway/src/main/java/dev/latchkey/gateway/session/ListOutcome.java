package dev.latchkey.gateway.session;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What came of listing a user's sessions. */
public sealed interface ListOutcome {

    /** One function an outcome. */
    <R> R fold(Function<List<SessionSummary>, R> listed, Supplier<R> unavailable);

    /** The live ones, the newest first. */
    record Listed(List<SessionSummary> sessions) implements ListOutcome {
        @Override
        public <R> R fold(Function<List<SessionSummary>, R> listed, Supplier<R> unavailable) {
            return listed.apply(sessions);
        }
    }

    /** Redis did not answer. */
    record Unavailable() implements ListOutcome {
        @Override
        public <R> R fold(Function<List<SessionSummary>, R> listed, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
