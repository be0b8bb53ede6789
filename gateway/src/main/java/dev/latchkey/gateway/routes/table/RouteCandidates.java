package dev.latchkey.gateway.routes.table;

import org.jspecify.annotations.Nullable;

/**
 * Ascending lists of numbers, read as one, so that the order of the file is kept. For one request, of which most have
 * one list.
 */
final class RouteCandidates {

    static final int NONE = -1;

    private final SortedIntList list;
    private final @Nullable RouteCandidates others;
    private int at;

    private RouteCandidates(SortedIntList list, @Nullable RouteCandidates others) {
        this.list = list;
        this.others = others;
    }

    /** These and those of the list. */
    static @Nullable RouteCandidates with(SortedIntList list, @Nullable RouteCandidates these) {
        return list.size() == 0 ? these : new RouteCandidates(list, these);
    }

    /** The next number of all, or {@link #NONE}. */
    static int next(@Nullable RouteCandidates all) {
        int lowest = Integer.MAX_VALUE;
        for (RouteCandidates each = all; each != null; each = each.others) {
            if (each.at < each.list.size()) {
                lowest = Math.min(lowest, each.list.get(each.at));
            }
        }
        for (RouteCandidates each = all; each != null; each = each.others) {
            if (each.at < each.list.size() && each.list.get(each.at) == lowest) {
                each.at++;
            }
        }
        return lowest == Integer.MAX_VALUE ? NONE : lowest;
    }
}
