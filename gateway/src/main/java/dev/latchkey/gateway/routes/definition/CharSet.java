package dev.latchkey.gateway.routes.definition;

import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which characters a part of an expression takes: ASCII one by one, all others as one, which errs towards overlap.
 *
 * @param bits a bit for each ASCII character, and the last for all others
 */
record CharSet(BitSet bits) {

    private static final int OTHERS = 128;

    static final CharSet NONE = where(it -> false);
    static final CharSet ANY = where(it -> true);
    static final CharSet DIGITS = where(it -> it >= '0' && it <= '9');
    static final CharSet WORD = where(it -> it < OTHERS && (Character.isLetterOrDigit(it) || it == '_'));
    static final CharSet SPACE = where(it -> it == ' ' || (it >= '\t' && it <= '\r'));

    static CharSet of(char c) {
        return range(c, c);
    }

    static CharSet range(char first, char last) {
        return where(it -> it == OTHERS ? last >= OTHERS : it >= first && it <= last);
    }

    private static CharSet where(IntPredicate isIn) {
        BitSet bits = new BitSet(OTHERS + 1);
        IntStream.rangeClosed(0, OTHERS).filter(isIn).forEach(bits::set);
        return new CharSet(bits);
    }

    CharSet or(CharSet other) {
        BitSet both = (BitSet) bits.clone();
        both.or(other.bits);
        return new CharSet(both);
    }

    /** All others; of what is no ASCII character some may be on both sides. */
    CharSet not() {
        return where(it -> it == OTHERS || !bits.get(it));
    }

    boolean meets(CharSet other) {
        return bits.intersects(other.bits);
    }
}
