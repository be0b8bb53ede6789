package dev.latchkey.gateway.routes.table;

import java.util.Arrays;

/** Ascending numbers without an object for each, because ten thousand routes may share a prefix. */
final class SortedIntList {

    private int[] values = new int[0];
    private int size;

    /** Adds a number that is not lower than the last one; a repeated number is stored once. */
    void add(int number) {
        if (size > 0 && values[size - 1] == number) {
            return;
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.max(2, size * 2));
        }
        values[size++] = number;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }
}
