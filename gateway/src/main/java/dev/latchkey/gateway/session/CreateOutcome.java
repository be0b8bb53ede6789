package dev.latchkey.gateway.session;

import java.util.function.Function;
import java.util.function.Supplier;

/** What came of starting a session. */
public sealed interface CreateOutcome {

    /** One function an outcome. */
    <R> R fold(Function<SessionView, R> created, Supplier<R> unavailable);

    /** The session has begun. */
    record Created(SessionView session) implements CreateOutcome {
        @Override
        public <R> R fold(Function<SessionView, R> created, Supplier<R> unavailable) {
            return created.apply(session);
        }
    }

    /** Redis did not answer. */
    record Unavailable() implements CreateOutcome {
        @Override
        public <R> R fold(Function<SessionView, R> created, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
