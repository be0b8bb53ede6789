package dev.latchkey.gateway.http;

import java.util.Locale;

/** Compares the names of header fields, which have no case (RFC 9110 section 5.1), without making strings. */
public final class FieldNames {

    private static final int CASE = 'a' - 'A';

    private FieldNames() {}

    /** Whether it is this name, which is given in lower case. */
    public static boolean is(CharSequence name, String lowerCase) {
        return name.length() == lowerCase.length() && matches(name, 0, lowerCase);
    }

    /** Whether it begins so; the beginning is given in lower case. */
    public static boolean startsWith(CharSequence name, String lowerCase) {
        return name.length() >= lowerCase.length() && matches(name, 0, lowerCase);
    }

    /** Whether it ends so; the end is given in lower case. */
    public static boolean endsWith(CharSequence name, String lowerCase) {
        int from = name.length() - lowerCase.length();
        return from >= 0 && matches(name, from, lowerCase);
    }

    /** In lower case; other letters than those of ASCII stay as they are. */
    public static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + CASE) : c;
    }

    public static String lower(CharSequence name) {
        return name.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean matches(CharSequence name, int from, String lowerCase) {
        for (int at = lowerCase.length() - 1; at >= 0; at--) {
            if (lower(name.charAt(from + at)) != lowerCase.charAt(at)) {
                return false;
            }
        }
        return true;
    }
}
