package dev.latchkey.gateway.redis;

import java.util.function.Function;

/**
 * What a script answered, and whether what it wrote is safe from a failover.
 *
 * @param isSafe a replica has it, or there is none to have it; else a failover may lose it
 */
public record Acknowledged<T>(T answer, boolean isSafe) {

    /** The same of another answer. */
    public <R> Acknowledged<R> map(Function<T, R> other) {
        return new Acknowledged<>(other.apply(answer), isSafe);
    }
}
