package dev.latchkey.gateway.telemetry.accesslog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON object on one line of ASCII, made in a buffer that is used again, because there may be one for each request
 * (RFC 8259 section 7). What a client chose cannot end the line or a value. For one thread.
 */
final class JsonLine {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;
    private static final int LONGEST_NUMBER = 20;
    private static final int HEX = 4;
    private static final int TEN = 10;

    private byte[] bytes = new byte[1024];
    private int length;

    /** The name of a member as it is written, made once. */
    static final class Name {

        private final byte[] text;

        /** @param name needs no escaping */
        Name(String name) {
            text = (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
        }
    }

    void begin() {
        length = 0;
    }

    /** The first member begins with a comma, whose place the brace takes. */
    void end() {
        if (length == 0) {
            room(1);
            length = 1;
        }
        bytes[0] = '{';
        room(2);
        bytes[length++] = '}';
        bytes[length++] = '\n';
    }

    void add(Name name, String value) {
        begin(name, 2 + LONGEST_ESCAPE * value.length());
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        for (int index = 0; index < value.length(); index++) {
            char c = value.charAt(index);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                to[at++] = (byte) c;
            } else {
                at = escape(c, to, at);
            }
        }
        to[at++] = '"';
        length = at;
    }

    private static int escape(char c, byte[] to, int from) {
        int at = from;
        to[at++] = '\\';
        to[at++] = 'u';
        for (int shift = (HEX - 1) * HEX; shift >= 0; shift -= HEX) {
            to[at++] = DIGITS[(c >> shift) & 0xf];
        }
        return at;
    }

    /** @param value is not negative */
    void add(Name name, long value) {
        begin(name, LONGEST_NUMBER);
        int at = length + LONGEST_NUMBER;
        int end = at;
        long left = value;
        do {
            bytes[--at] = DIGITS[(int) (left % TEN)];
            left /= TEN;
        } while (left > 0);
        System.arraycopy(bytes, at, bytes, length, end - at);
        length += end - at;
    }

    void add(Name name, boolean value) {
        byte[] word = value ? TRUE : FALSE;
        begin(name, word.length);
        put(word);
    }

    private void begin(Name name, int most) {
        room(name.text.length + most);
        put(name.text);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    private void put(byte[] text) {
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Without the end of the line. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII).stripTrailing();
    }
}
