package dev.latchkey.gateway.signin.attempts;

import dev.latchkey.gateway.signin.attempts.AttemptOutcome.Counted;
import reactor.core.publisher.Mono;

/**
 * Slows down guessing: per address, per name from one address, and slowly per name. From where a name has signed in
 * lately it can go on when strangers have used its limit up.
 */
public interface AttemptLimiter {

    /** Counts an attempt, whether the name is known or not. Redis being away is {@link AttemptOutcome.Unavailable}. */
    Mono<AttemptOutcome> attempt(Attempt attempt);

    /**
     * Counts a right password, remembers where it came from and gives back what the attempt was counted as. Too many of
     * them are {@link AttemptOutcome.Limited}.
     */
    Mono<AttemptOutcome> succeeded(Attempt attempt, Counted counted);
}
