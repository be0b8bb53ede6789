package dev.latchkey.gateway.routes.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The longest increasing subsequence (patience sorting), so that ten thousand routes are compared in no time. */
final class LongestIncreasingSubsequence {

    private LongestIncreasingSubsequence() {}

    /** The numbers of the subsequence, of a sequence without duplicates. */
    static List<Integer> of(int[] sequence) {
        // By length, less one: the lowest number that ends a subsequence of this length, and its index.
        int[] lowest = new int[sequence.length];
        int[] tails = new int[sequence.length];
        int[] previous = new int[sequence.length];
        int length = 0;
        for (int index = 0; index < sequence.length; index++) {
            int place = -1 - Arrays.binarySearch(lowest, 0, length, sequence[index]);
            previous[index] = place == 0 ? -1 : tails[place - 1];
            lowest[place] = sequence[index];
            tails[place] = index;
            length = Math.max(length, place + 1);
        }
        List<Integer> longest = new ArrayList<>();
        for (int index = length == 0 ? -1 : tails[length - 1]; index >= 0; index = previous[index]) {
            longest.add(sequence[index]);
        }
        return longest;
    }
}
