package dev.latchkey.gateway.session;

import java.util.function.Function;
import java.util.function.Supplier;

/** What came of a rotation: the rows of the protocol's table, and that Redis could not be asked. */
public sealed interface RotateOutcome {

    default <R> R fold(Function<Granted, R> granted, Function<Refused, R> refused, Supplier<R> unavailable) {
        if (this instanceof Granted goesOn) {
            return granted.apply(goesOn);
        }
        return this instanceof Refused ends ? refused.apply(ends) : unavailable.get();
    }

    /**
     * The request goes on, with tokens of the session's current generation.
     *
     * @param mintsRefresh whether a new refresh token is among them; else the access token only
     */
    record Granted(GrantedRow row, SessionView session, boolean mintsRefresh) implements RotateOutcome {}

    /** The request is a 401 that touches no cookie. */
    record Refused(RefusedRow row) implements RotateOutcome {}

    /** Redis did not answer: 503, nothing lost. */
    record Unavailable() implements RotateOutcome {}

    /** The rows that go on. */
    enum GrantedRow {
        ROTATED,
        REPLAYED,
        FORCED,
        RECOVERED
    }

    /** The rows that refuse. */
    enum RefusedRow {
        UNKNOWN,
        EXPIRED,
        REVOKED,
        STALE,
        REUSED,
        /** The record could not be read, which ended the session. */
        UNREADABLE
    }
}
