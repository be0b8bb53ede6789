package dev.latchkey.gateway.token;

import java.util.List;
import java.util.stream.IntStream;

/** How often a session was rotated: 1 at sign-in, one more at each rotation (the {@code gen} claim). */
public record Generation(int number) implements Comparable<Generation> {

    private static final List<Generation> FIRST_ONES =
            IntStream.rangeClosed(1, 100).mapToObj(Generation::new).toList();

    /** The generation of a new session. */
    public static final Generation FIRST = of(1);

    public Generation {
        if (number < 1) {
            throw new IllegalArgumentException("generations start at 1");
        }
    }

    /** One that is made once if it is among the first, as most are: each request names one or two. */
    public static Generation of(int number) {
        return number >= 1 && number <= FIRST_ONES.size() ? FIRST_ONES.get(number - 1) : new Generation(number);
    }

    /** The generation after this one. */
    public Generation next() {
        return new Generation(number + 1);
    }

    /** 0 or 1: which of the two refresh cookies holds this generation. */
    public int parity() {
        return number % 2;
    }

    @Override
    public int compareTo(Generation other) {
        return Integer.compare(number, other.number);
    }
}
