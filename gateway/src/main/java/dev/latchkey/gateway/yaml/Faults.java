package dev.latchkey.gateway.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that a person is told everything at once; of very much, what was found first. */
public final class Faults {

    private static final int MOST_KEPT = 1000;
    private static final int MOST_TOLD = 50;

    private final List<Fault> faults = new ArrayList<>();
    private int count;

    /** What is wrong at this place. */
    public void add(Position position, String message) {
        count++;
        if (faults.size() < MOST_KEPT) {
            faults.add(new Fault(position, message));
        }
    }

    /** How many there are, also of those that were not kept. */
    public int count() {
        return count;
    }

    /** Whether nothing is wrong. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** In the order of the files, the first ones if they are many. */
    public List<Fault> sorted() {
        return faults.stream()
                .sorted(Comparator.comparing(Fault::position))
                .limit(MOST_TOLD)
                .toList();
    }
}
