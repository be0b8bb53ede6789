package dev.latchkey.gateway.history;

import java.util.List;
import java.util.Random;

/** The choices of one client: each depends on the seed, the client and how often it has chosen, and on nothing else. */
final class SeededRandom {

    /** Often at once, now and then as late as is promised to be forgiven. */
    private static final int PROMPT = 14;

    private static final int HURRIED = 18;
    private static final int SIDES = 20;

    private final Random random;

    SeededRandom(long seed, int client) {
        this.random = new Random(seed * 1_000_003 + client);
    }

    boolean oneIn(int sides) {
        return random.nextInt(sides) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Milliseconds on the way, at most this many. */
    long travel(int most) {
        int die = random.nextInt(SIDES);
        double part = random.nextDouble();
        if (die < PROMPT) {
            return Math.round(part * most / 50);
        }
        return Math.round(part * (die < HURRIED ? most / 4.0 : most));
    }

    /** Milliseconds between this and that, short ones more often. */
    long between(long least, long most) {
        double part = random.nextDouble();
        return least + Math.round(part * part * part * (most - least));
    }
}
