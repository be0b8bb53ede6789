package dev.latchkey.gateway.token;

/** How often a session was rotated: 1 at sign-in, one more at each rotation (the {@code gen} claim). */
public record Generation(int number) implements Comparable<Generation> {

    /** The generation of a new session. */
    public static final Generation FIRST = new Generation(1);

    public Generation {
        if (number < 1) {
            throw new IllegalArgumentException("generations start at 1");
        }
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
