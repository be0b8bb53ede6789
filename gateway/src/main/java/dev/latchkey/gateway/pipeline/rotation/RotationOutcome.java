package dev.latchkey.gateway.pipeline.rotation;

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
     */
    record Refused(boolean isLapsed, Optional<SessionEndReason> reason)
            implements RotationOutcome, RotationPreview.Preview {

        static final Refused LAPSED = new Refused(true, Optional.empty());
        static final Refused WITHOUT_REASON = new Refused(false, Optional.empty());

        static Refused because(SessionEndReason reason) {
            return new Refused(false, Optional.of(reason));
        }
    }

    /** It could not be checked: 503. */
    record Unavailable() implements RotationOutcome, RotationPreview.Preview {}
}
