package dev.latchkey.gateway.routes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that a person is told everything at once. */
final class Faults {

    private static final int MOST = 50;

    private final List<RouteFault> faults = new ArrayList<>();

    void add(Position position, String message) {
        faults.add(new RouteFault(position, message));
    }

    int count() {
        return faults.size();
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    /** In the order of the file, the first ones if they are many. */
    List<RouteFault> sorted() {
        return faults.stream()
                .sorted(Comparator.comparing(RouteFault::position))
                .limit(MOST)
                .toList();
    }
}
