package dev.latchkey.gateway.routes.diff;

import java.util.ArrayList;
import java.util.List;

/** The longest increasing subsequence (patience sorting), so that ten thousand routes are compared in no time. */
final class LongestIncreasingSubsequence {

    private LongestIncreasingSubsequence() {}

    /** The numbers of the subsequence, of a sequence without duplicates. */
    static List<Integer> of(int[] sequence) {
        int[] tails = new int[sequence.length];
        int[] previous = new int[sequence.length];
        int length = 0;
        for (int index = 0; index < sequence.length; index++) {
            int place = place(sequence, tails, length, sequence[index]);
            previous[index] = place == 0 ? -1 : tails[place - 1];
            tails[place] = index;
            length = Math.max(length, place + 1);
        }
        List<Integer> longest = new ArrayList<>();
        for (int index = length == 0 ? -1 : tails[length - 1]; index >= 0; index = previous[index]) {
            longest.add(sequence[index]);
        }
        return longest;
    }

    /** The length of the longest subsequence so far that the number can extend. */
    private static int place(int[] sequence, int[] tails, int length, int number) {
        int low = 0;
        int high = length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequence[tails[middle]] < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
