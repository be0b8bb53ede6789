package dev.latchkey.gateway.telemetry;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;

/** Lower-case hexadecimal digits of numbers, without objects in between. */
final class Hex {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONG = 16;

    /**
     * Each thread makes one text at a time; a text is a copy, so another array for each would be made to be dropped.
     */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[64];
        }
    };

    private static final int BITS = 4;

    private Hex() {}

    /** 64 bytes for a text that is made on this thread now. */
    static byte[] scratch() {
        return SCRATCH.get();
    }

    /** Writes all 16 digits. */
    static void write(long number, byte[] to, int at) {
        long left = number;
        for (int digit = at + LONG - 1; digit >= at; digit--) {
            to[digit] = DIGITS[(int) (left & 0xf)];
            left >>>= BITS;
        }
    }

    /** Whether these characters are lower-case digits. */
    static boolean are(String text, int from, int to) {
        boolean are = true;
        for (int at = from; at < to && are; at++) {
            char c = text.charAt(at);
            are = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        return are;
    }
}
