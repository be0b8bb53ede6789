package dev.latchkey.gateway.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything that is wrong in files, so that it can be corrected in one go. */
public final class Faults {

    private static final int MOST_KEPT = 1000;
    private static final int MOST_REPORTED = 50;

    private final List<Fault> faults = new ArrayList<>();
    private int count;

    public void add(Position position, String message) {
        count++;
        if (faults.size() < MOST_KEPT) {
            faults.add(new Fault(position, message));
        }
    }

    /** How many there are, those that were not kept included. */
    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** In the order of the files; if there are many, the first ones. */
    public List<Fault> sorted() {
        return faults.stream()
                .sorted(Comparator.comparing(Fault::position))
                .limit(MOST_REPORTED)
                .toList();
    }
}
