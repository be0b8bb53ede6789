package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.TokenHeaders;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which header names are the gateway's to set, in any spelling that a backend could fold into them: CGI and its heirs
 * make {@code X_Y}, {@code x.y} and {@code X-Y} one variable (RFC 3875 section 4.1.18).
 */
final class ReservedNames {

    private static final String FAMILY =
            TokenHeaders.RESERVED_PREFIX.substring(0, TokenHeaders.RESERVED_PREFIX.length() - 1);

    private static final Pattern PUNCTUATION = Pattern.compile("[^a-z0-9]");

    private ReservedNames() {}

    /** Whether the name is of the {@code latchkey-} family: the word, then anything but a letter or digit. */
    static boolean isOurs(String name) {
        return name.length() > FAMILY.length()
                && name.regionMatches(true, 0, FAMILY, 0, FAMILY.length())
                && !Character.isLetterOrDigit(name.charAt(FAMILY.length()));
    }

    /** Whether the header says for whom a proxy forwards. */
    static boolean tellsForWhom(String name) {
        boolean mayBe = startsWith(name, "x") || startsWith(name, "forwarded");
        return mayBe
                && isForwarded(
                        PUNCTUATION.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-"));
    }

    private static boolean isForwarded(String folded) {
        return folded.equals("forwarded")
                || folded.equals("x-forwarded")
                || folded.startsWith("x-forwarded-")
                || folded.equals("x-real-ip");
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
