package dev.latchkey.gateway.session;

import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import java.util.function.Function;
import java.util.function.Supplier;

/** What came of signing out by a refresh token. */
public sealed interface SignOutOutcome {

    default <R> R fold(Supplier<R> ended, Function<RefusedRow, R> refused, Supplier<R> unavailable) {
        if (this instanceof Refused unchanged) {
            return refused.apply(unchanged.row);
        }
        return this instanceof Ended ? ended.get() : unavailable.get();
    }

    /** The session has been ended. */
    record Ended() implements SignOutOutcome {}

    /**
     * The token is not good enough to end its session, and nothing was changed.
     *
     * @param row what a rotation would have found; {@link RefusedRow#STALE} for every token that is too old
     */
    record Refused(RefusedRow row) implements SignOutOutcome {}

    /** Redis did not answer: the session may live on. */
    record Unavailable() implements SignOutOutcome {}
}
