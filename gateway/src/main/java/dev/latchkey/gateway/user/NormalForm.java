package dev.latchkey.gateway.user;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * The form in which names and passwords are compared (RFC 8265 sections 3.4 and 4.2), because one keyboard types é as
 * one character and another as two.
 */
public final class NormalForm {

    /** Spaces of other widths, which some keyboards type. */
    private static final Pattern OTHER_SPACE = Pattern.compile("[\\p{Zs}&&[^ ]]");

    private NormalForm() {}

    /** NFC; case and width stay as they are. */
    public static String ofName(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** NFC, and all spaces are one kind of space. */
    public static String ofPassword(String password) {
        return Normalizer.normalize(OTHER_SPACE.matcher(password).replaceAll(" "), Normalizer.Form.NFC);
    }
}
