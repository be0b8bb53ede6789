package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An immutable set of sessions by 28 bits of their ids, which are random: two bytes each and half a kilobyte for the
 * set. A member is always found; of other sessions one in {@code 2^28 / size} is taken for a member. The upper 12 bits
 * are counted in unary, the lower 16 stored (Elias-Fano encoding).
 */
final class Fingerprints {

    static final Fingerprints NONE = new Fingerprints(new int[0]);

    private static final int BITS = 28;
    private static final int LOW_BITS = 16;
    private static final int LOW = (1 << LOW_BITS) - 1;
    private static final int BUCKETS = 1 << (BITS - LOW_BITS);

    private final char[] lows;

    /** For each bucket a one for each of its members, and then a zero. */
    private final long[] highs;

    private Fingerprints(int[] sorted) {
        lows = new char[sorted.length];
        highs = new long[(sorted.length + BUCKETS + Long.SIZE - 1) / Long.SIZE];
        for (int i = 0; i < sorted.length; i++) {
            lows[i] = (char) (sorted[i] & LOW);
            int bit = (sorted[i] >>> LOW_BITS) + i;
            highs[bit / Long.SIZE] |= 1L << bit;
        }
    }

    /** The bits of a session's id that stand for it. */
    static int of(SessionId session) {
        return ByteBuffer.wrap(Base64.getUrlDecoder().decode(session.value())).getInt() >>> (Integer.SIZE - BITS);
    }

    boolean contains(int fingerprint) {
        int bucket = fingerprint >>> LOW_BITS;
        char low = (char) (fingerprint & LOW);
        int bit = begin(bucket);
        for (int i = bit - bucket; isMember(bit) && lows[i] <= low; i++, bit++) {
            if (lows[i] == low) {
                return true;
            }
        }
        return false;
    }

    /** Where a bucket begins: behind as many zeros as there are buckets before it. */
    private int begin(int bucket) {
        int word = 0;
        int left = bucket;
        int zeros = Long.bitCount(~highs[0]);
        while (zeros < left) {
            left -= zeros;
            word++;
            zeros = Long.bitCount(~highs[word]);
        }
        long rest = ~highs[word];
        for (int i = 1; i < left; i++) {
            rest &= rest - 1;
        }
        return left == 0 ? 0 : word * Long.SIZE + Long.numberOfTrailingZeros(rest) + 1;
    }

    private boolean isMember(int bit) {
        return bit / Long.SIZE < highs.length && (highs[bit / Long.SIZE] >>> bit & 1) == 1;
    }

    int size() {
        return lows.length;
    }

    /** Its size in memory, in bytes. */
    long bytes() {
        return (long) lows.length * Character.BYTES + (long) highs.length * Long.BYTES;
    }

    /** The set with more members; the same set if none of them is new. */
    Fingerprints with(int... more) {
        int[] fresh = IntStream.of(more).filter(member -> !contains(member)).toArray();
        if (fresh.length == 0) {
            return this;
        }
        int[] all = Arrays.copyOf(sorted(), lows.length + fresh.length);
        System.arraycopy(fresh, 0, all, lows.length, fresh.length);
        Arrays.sort(all);
        return new Fingerprints(distinct(all));
    }

    Fingerprints with(Fingerprints other) {
        return with(other.sorted());
    }

    private static int[] distinct(int[] sorted) {
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    int[] sorted() {
        int[] all = new int[lows.length];
        int bit = 0;
        for (int i = 0; i < all.length; i++, bit++) {
            while (!isMember(bit)) {
                bit++;
            }
            all[i] = (bit - i) << LOW_BITS | lows[i];
        }
        return all;
    }

    /** The form kept in Redis: the members, four bytes each, in Base64. */
    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(lows.length * Integer.BYTES);
        bytes.asIntBuffer().put(sorted());
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Reads what {@link #text} wrote; empty if it cannot be read. */
    static Optional<Fingerprints> parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            int[] members = new int[bytes.remaining() / Integer.BYTES];
            bytes.asIntBuffer().get(members);
            boolean isWhole = bytes.remaining() % Integer.BYTES == 0;
            return isWhole && IntStream.of(members).allMatch(member -> member >>> BITS == 0)
                    ? Optional.of(NONE.with(members))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
