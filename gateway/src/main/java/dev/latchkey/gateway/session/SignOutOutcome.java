package dev.latchkey.gateway.session;

import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import java.util.function.Function;
import java.util.function.Supplier;

/** What came of signing out by a refresh token. */
public sealed interface SignOutOutcome {

    /** One function an outcome. */
    <R> R fold(Supplier<R> ended, Function<RefusedRow, R> refused, Supplier<R> unavailable);

    /** The session has been ended. */
    record Ended() implements SignOutOutcome {
        @Override
        public <R> R fold(Supplier<R> ended, Function<RefusedRow, R> refused, Supplier<R> unavailable) {
            return ended.get();
        }
    }

    /**
     * The token is not good enough to end its session, and nothing was changed.
     *
     * @param row what a rotation would have found; {@link RefusedRow#STALE} for every token that is too old
     */
    record Refused(RefusedRow row) implements SignOutOutcome {
        @Override
        public <R> R fold(Supplier<R> ended, Function<RefusedRow, R> refused, Supplier<R> unavailable) {
            return refused.apply(row);
        }
    }

    /** Redis did not answer: the session may live on. */
    record Unavailable() implements SignOutOutcome {
        @Override
        public <R> R fold(Supplier<R> ended, Function<RefusedRow, R> refused, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
