package dev.latchkey.gateway.session;

import java.util.function.Supplier;

/** Whether a session stands, as its record says it. */
public sealed interface CurrentOutcome {

    /** One function an outcome. */
    <R> R fold(Supplier<R> current, Supplier<R> over, Supplier<R> unavailable);

    /** It lives, and no generation is newer. */
    record Current() implements CurrentOutcome {
        @Override
        public <R> R fold(Supplier<R> current, Supplier<R> over, Supplier<R> unavailable) {
            return current.get();
        }
    }

    /** It ended, or a newer generation took this one's place. */
    record Over() implements CurrentOutcome {
        @Override
        public <R> R fold(Supplier<R> current, Supplier<R> over, Supplier<R> unavailable) {
            return over.get();
        }
    }

    /** Redis could not be asked. */
    record Unavailable() implements CurrentOutcome {
        @Override
        public <R> R fold(Supplier<R> current, Supplier<R> over, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
