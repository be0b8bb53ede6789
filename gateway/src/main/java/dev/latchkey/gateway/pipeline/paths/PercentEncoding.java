package dev.latchkey.gateway.pipeline.paths;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Encodes what a URI may not hold, and decodes what it need not encode (RFC 3986 sections 2 and 6.2.2.2). */
public final class PercentEncoding {

    /** What a path may hold beside unreserved characters. */
    public static final String PATH = "!$&'()*+,;=:@/";

    /** What a query may hold beside unreserved characters. */
    public static final String QUERY = PATH + "?";

    /** What the value of a parameter may hold: nothing that ends it or means a space. */
    public static final String PARAMETER = "!$'()*,:@/?";

    private static final String UNRESERVED = "-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int BASE = 16;

    private PercentEncoding() {}

    /** The text with everything encoded that is neither unreserved nor one of these nor encoded already. */
    public static String complete(String text, String allowed) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            char c = text.charAt(at);
            if (isUnreserved(c) || allowed.indexOf(c) >= 0 || (c == '%' && byteAt(text, at) >= 0)) {
                encoded.append(c);
            } else {
                byte[] bytes = Character.toString(text.codePointAt(at)).getBytes(StandardCharsets.UTF_8);
                for (byte value : bytes) {
                    append(encoded, value);
                }
            }
        }
        return encoded.toString();
    }

    /** The text with no unreserved character encoded. */
    public static String normalized(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder normalized = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            int value = text.charAt(at) == '%' ? byteAt(text, at) : -1;
            boolean isPlain = value >= 0 && isUnreserved(value);
            normalized.append(isPlain ? (char) value : text.charAt(at));
            at += isPlain ? 2 : 0;
        }
        return normalized.toString();
    }

    /** Adds a byte, encoded in capitals. */
    public static void append(StringBuilder encoded, int value) {
        encoded.append('%').append(HEX.toHexDigits((byte) value));
    }

    /** Whether it means the same encoded or not: a letter or digit of ASCII, or one of {@code -._~}. */
    public static boolean isUnreserved(int c) {
        return c < 0x7f && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
    }

    /** The byte that a {@code %} begins; negative if it begins none. */
    public static int byteAt(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = hex(text.charAt(percent + 1));
        int low = hex(text.charAt(percent + 2));
        return high < 0 || low < 0 ? -1 : high * BASE + low;
    }

    /** ASCII only: {@code Character.digit} would take the digits of other scripts too. */
    private static int hex(char c) {
        return c < 0x7f ? Character.digit(c, BASE) : -1;
    }
}
