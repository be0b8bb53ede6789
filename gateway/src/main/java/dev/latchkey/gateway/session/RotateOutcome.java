package dev.latchkey.gateway.session;

import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
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
     * @param upstream how it stands with the OpenID Provider that began the session, if one did and its tokens are held
     * @param deviceBound whether the session is bound to a device, whose key allowed this
     */
    record Granted(
            GrantedRow row,
            SessionView session,
            boolean mintsRefresh,
            Optional<UpstreamState> upstream,
            boolean deviceBound)
            implements RotateOutcome {}

    /**
     * How it stands with the tokens of the session's provider.
     *
     * @param isDue whether the caller is to have them refreshed, off the request's way
     * @param lastGood when the provider last gave a good answer, by the clock of Redis
     * @param troubledSince since when the provider has given none although it was asked
     */
    record UpstreamState(boolean isDue, Instant lastGood, Optional<Instant> troubledSince) {}

    /**
     * The request is a 401 that touches no refresh cookie.
     *
     * @param reason why the session was ended, by the word of a {@link RevocationReason}; empty if it was not, or if
     *     nobody knows
     * @param current of {@link RefusedRow#UNPROVEN}: the newest generation that is known, whose challenge the session's
     *     device has to sign
     */
    record Refused(RefusedRow row, Optional<String> reason, Optional<Generation> current) implements RotateOutcome {

        private static final int WITH_MORE = 3;

        public Refused(RefusedRow row, Optional<String> reason) {
            this(row, reason, Optional.empty());
        }

        /** Reads what rotate.lua or look.lua says of a session that is over. */
        static Refused read(SessionClaims presented, ScriptAnswer answer, Duration idleTimeout) {
            RefusedRow row = RefusedRow.valueOf(answer.text(1));
            if (row == RefusedRow.UNPROVEN) {
                Generation current = new Generation(Math.toIntExact(answer.number(2)));
                return new Refused(row, Optional.empty(), Optional.of(current));
            }
            return new Refused(
                    row == RefusedRow.UNKNOWN
                            ? RefusedRow.ofMissing(presented.issuedAt(), answer.now(), idleTimeout)
                            : row,
                    answer.size() >= WITH_MORE ? Optional.of(answer.text(2)) : Optional.empty());
        }
    }

    /** Redis did not answer: 503, nothing lost. */
    record Unavailable() implements RotateOutcome {}

    /** The rows that go on. */
    enum GrantedRow {
        ROTATED,
        REPLAYED,
        FORCED,
        RECOVERED,
        /** The key of a device was registered, and rotates the session from now on. */
        BOUND,
        /** The response that bound the session to a device seems to be lost, so it is not bound. */
        RELEASED,
        /** It was not lost: the key has proven itself after the release, and the session is bound to it again. */
        REBOUND
    }

    /** The rows that refuse. */
    enum RefusedRow {
        /** Redis knows nothing of it, and its token is younger than the idle timeout. */
        UNKNOWN,
        /**
         * Redis knows nothing of it any more, and its token is older than the idle timeout, which explains that. The
         * protocol's table and the scripts say UNKNOWN.
         */
        IDLE,
        /** It has reached its absolute end. */
        EXPIRED,
        /** It was ended before its time. */
        REVOKED,
        /** The refresh token of its OpenID Provider was lost: what was issued lives on, and the user signs in again. */
        LAPSED,
        /** The session is bound to a device, whose key has signed nothing that allows this; nothing was changed. */
        UNPROVEN,
        STALE,
        REUSED,
        /** The record could not be read, which ended the session. */
        UNREADABLE;

        /**
         * Why Redis knows nothing of a session.
         *
         * @param seen when it was still there
         */
        public static RefusedRow ofMissing(Instant seen, Instant now, Duration idleTimeout) {
            return now.isBefore(seen.plus(idleTimeout)) ? UNKNOWN : IDLE;
        }

        /** As audit events and operators are told, unless there is a {@link RevocationReason}. */
        public String word() {
            return switch (this) {
                case IDLE -> "expired-idle";
                case EXPIRED -> "expired-absolute";
                default -> name().toLowerCase(Locale.ROOT);
            };
        }
    }
}
