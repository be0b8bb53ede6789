package dev.latchkey.gateway.telemetry.accesslog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON object on one line of ASCII, made in a buffer that is used again (RFC 8259 section 7). What a client chose
 * cannot end the line or a value. For one thread.
 */
final class JsonLine {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;
    private static final int HEX = 4;

    private byte[] bytes = new byte[1024];
    private int length;

    void begin() {
        length = 0;
        put('{');
    }

    void end() {
        put('}');
        put('\n');
    }

    /** @param name needs no escaping */
    void add(String name, String value) {
        name(name);
        put('"');
        for (int at = 0; at < value.length(); at++) {
            escaped(value.charAt(at));
        }
        put('"');
    }

    void add(String name, long value) {
        name(name);
        plain(Long.toString(value));
    }

    void add(String name, boolean value) {
        name(name);
        plain(Boolean.toString(value));
    }

    private void name(String name) {
        if (length > 1) {
            put(',');
        }
        put('"');
        plain(name);
        put('"');
        put(':');
    }

    private void plain(String ascii) {
        for (int at = 0; at < ascii.length(); at++) {
            put(ascii.charAt(at));
        }
    }

    private void escaped(char c) {
        if (c == '"' || c == '\\') {
            put('\\');
            put(c);
        } else if (c >= ' ' && c <= '~') {
            put(c);
        } else {
            put('\\');
            put('u');
            for (int shift = (HEX - 1) * HEX; shift >= 0; shift -= HEX) {
                put((char) DIGITS[(c >> shift) & 0xf]);
            }
        }
    }

    private void put(char c) {
        if (length + LONGEST_ESCAPE > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        bytes[length++] = (byte) c;
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
