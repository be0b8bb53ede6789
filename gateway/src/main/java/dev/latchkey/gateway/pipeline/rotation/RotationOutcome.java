package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenPair;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The result of a rotation for a request. */
public sealed interface RotationOutcome {

    default <R> R fold(Function<Rotated, R> rotated, Function<Refused, R> refused, Supplier<R> unavailable) {
        if (this instanceof Rotated goesOn) {
            return rotated.apply(goesOn);
        }
        return this instanceof Refused ends ? refused.apply(ends) : unavailable.get();
    }

    /**
     * The request goes on with these.
     *
     * @param at when, by the clock of Redis
     */
    record Rotated(TokenPair pair, Instant at) implements RotationOutcome {}

    /**
     * No refresh token is accepted.
     *
     * @param isLapsed because the session's OpenID Provider has lost it; it may know its user still
     * @param reason why the session of the newest token has ended, as its owner may know; empty if it has not, or if
     *     nobody knows
     * @param unproven if the session lives and is bound to a device, whose key has signed nothing for this request
     * @param objection to the DPoP proof of a token that is bound to a key: 401, or 503 if it cannot be judged; then
     *     nothing was asked for or changed
     */
    record Refused(
            boolean isLapsed,
            Optional<SessionEndReason> reason,
            Optional<Unproven> unproven,
            Optional<Problem> objection)
            implements RotationOutcome, RotationPreview.Preview {

        static final Refused LAPSED = new Refused(true, Optional.empty(), Optional.empty());
        static final Refused WITHOUT_REASON = new Refused(false, Optional.empty(), Optional.empty());

        Refused(boolean isLapsed, Optional<SessionEndReason> reason, Optional<Unproven> unproven) {
            this(isLapsed, reason, unproven, Optional.empty());
        }

        static Refused because(SessionEndReason reason) {
            return new Refused(false, Optional.of(reason), Optional.empty());
        }

        static Refused by(Problem objection) {
            return new Refused(false, Optional.empty(), Optional.empty(), Optional.of(objection));
        }
    }

    /**
     * A session that only the key of its device rotates.
     *
     * @param current the newest generation that is known, whose challenge the device has to sign
     */
    record Unproven(SessionId session, Generation current) {}

    /** It could not be checked: 503. */
    record Unavailable() implements RotationOutcome, RotationPreview.Preview {}
}
