package dev.latchkey.gateway.routes.table;

import java.util.Arrays;

/** Several ascending lists as one, so that the order of the file is kept. For one request. */
final class MergedCandidates {

    static final int NONE = -1;

    private SortedIntList[] lists = new SortedIntList[4];
    private int[] next = new int[4];
    private int size;

    void add(SortedIntList list) {
        if (list.size() == 0) {
            return;
        }
        if (size == lists.length) {
            lists = Arrays.copyOf(lists, size * 2);
            next = Arrays.copyOf(next, size * 2);
        }
        lists[size++] = list;
    }

    /** The next number, or {@link #NONE}. */
    int next() {
        int lowest = Integer.MAX_VALUE;
        for (int list = 0; list < size; list++) {
            if (next[list] < lists[list].size()) {
                lowest = Math.min(lowest, lists[list].get(next[list]));
            }
        }
        if (lowest == Integer.MAX_VALUE) {
            return NONE;
        }
        pass(lowest);
        return lowest;
    }

    private void pass(int number) {
        for (int list = 0; list < size; list++) {
            if (next[list] < lists[list].size() && lists[list].get(next[list]) == number) {
                next[list]++;
            }
        }
    }
}
