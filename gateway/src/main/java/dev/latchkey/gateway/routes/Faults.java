package dev.latchkey.gateway.routes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that a person is told everything at once; of very much, what was found first. */
final class Faults {

    private static final int MOST_KEPT = 1000;
    private static final int MOST_TOLD = 50;

    private final List<RouteFault> faults = new ArrayList<>();
    private int count;

    void add(Position position, String message) {
        count++;
        if (faults.size() < MOST_KEPT) {
            faults.add(new RouteFault(position, message));
        }
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** In the order of the files, the first ones if they are many. */
    List<RouteFault> sorted() {
        return faults.stream()
                .sorted(Comparator.comparing(RouteFault::position))
                .limit(MOST_TOLD)
                .toList();
    }
}
