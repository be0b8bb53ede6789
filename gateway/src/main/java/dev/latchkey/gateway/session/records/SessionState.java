package dev.latchkey.gateway.session.records;

import dev.latchkey.gateway.denylist.DenylistEntry;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as an operator sees it: a live one, or what is left of one that has ended.
 *
 * @param subject whose it is; empty if nothing says so any more, or only its beginning is left
 * @param reason why it has ended, by a stable word, if anything says so
 * @param ended when, in whole seconds; of one that has expired it is not known
 * @param live what its record says, as long as there is one
 * @param denial what the denylist says of its access tokens
 * @param expires its absolute end; empty if nothing says so any more
 */
public record SessionState(
        PublicSessionId id,
        State state,
        Optional<Subject> subject,
        Optional<String> reason,
        Optional<Instant> ended,
        Optional<Instant> expires,
        Optional<Live> live,
        Optional<DenylistEntry> denial) {

    /** Whether a session goes on. */
    public enum State {
        ACTIVE,
        /** Its OpenID Provider's tokens are lost: what was issued lives on, and its user has to sign in again. */
        LAPSED,
        /** It ended before its time, and the reason says why. */
        ENDED,
        /** It reached its absolute end, or was not used for longer than the idle timeout; or Redis has lost it. */
        EXPIRED,
        /** There is a record that this version cannot read; if it is broken, its next rotation ends the session. */
        UNREADABLE
    }

    /**
     * What the record of a live session says.
     *
     * @param lastRotation or the beginning if there was none yet
     * @param idleEnd when it ends if it is not used until then
     * @param generation the newest
     * @param provider the OpenID Provider that began it
     * @param deviceBound whether it is bound to the device of its browser
     */
    public record Live(
            Instant created,
            Instant lastRotation,
            Instant idleEnd,
            int generation,
            ClientFacts client,
            Optional<String> provider,
            boolean deviceBound) {}

    /** Whether rotations may still succeed. */
    public boolean isLive() {
        return state == State.ACTIVE || state == State.LAPSED;
    }

    /**
     * The same as a token of it shows. One that is gone although it was there a short while ago was not idle, and the
     * refresh tokens of a session expire at its absolute end.
     *
     * @param seen when it was still there
     * @param isPastEnd whether its absolute end has passed
     */
    public SessionState asSeen(Instant seen, boolean isPastEnd, Instant now, Duration idleTimeout) {
        if (state != State.EXPIRED || reason.equals(Optional.of(RefusedRow.EXPIRED.word()))) {
            return this;
        }
        return expired(isPastEnd ? RefusedRow.EXPIRED : RefusedRow.ofMissing(seen, now, idleTimeout), expires);
    }

    SessionState expired(RefusedRow why, Optional<Instant> end) {
        return new SessionState(id, state, subject, Optional.of(why.word()), ended, end, live, denial);
    }

    /** Shows the public id and the state only. */
    @Override
    public String toString() {
        return "SessionState[" + id.value() + ", " + state + "]";
    }
}
