package dev.latchkey.gateway.signin;

import reactor.core.publisher.Mono;

/** Slows down guessing: per address, per name from one address, and slowly per name. */
interface AttemptLimiter {

    /** Counts an attempt, whether the name is known or not. Redis being away is {@link AttemptOutcome.Unavailable}. */
    Mono<AttemptOutcome> attempt(String name, String address);

    /** Gives back what an attempt with the right password was counted as; trouble is no obstacle. */
    Mono<Void> succeeded(String name, String address);
}
