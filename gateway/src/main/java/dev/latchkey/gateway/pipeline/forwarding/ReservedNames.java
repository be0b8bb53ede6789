package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.TokenHeaders;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which header names are the gateway's to set, in any spelling that a backend could fold into them: CGI and its heirs
 * make {@code X_Y}, {@code x.y} and {@code X-Y} one variable (RFC 3875 section 4.1.18).
 */
final class ReservedNames {

    private static final String FAMILY =
            TokenHeaders.RESERVED_PREFIX.substring(0, TokenHeaders.RESERVED_PREFIX.length() - 1);

    /** {@code Proxy} is there because CGI makes {@code HTTP_PROXY} of it, by which many clients choose their proxy. */
    private static final Set<String> OVERRIDES =
            Set.of("proxy", "x-http-method", "x-http-host-override", "x-http-path-override", "x-override-url");

    /** Where it stands in a name, whatever is before it: {@code X-HTTP-}, {@code X-}, {@code HTTP-}, nothing. */
    private static final Pattern METHOD_OVERRIDE = Pattern.compile("method-?override");

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

    /** Whether some backends would act on another method, path or host than those that the gateway looked at. */
    static boolean overridesRequest(String name) {
        String folded = PUNCTUATION.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
        return folded.startsWith("x-original-")
                || folded.startsWith("x-rewrite-")
                || OVERRIDES.contains(folded)
                || METHOD_OVERRIDE.matcher(folded).find();
    }

    /** Whether a backend could take one name for the other. */
    static boolean areSame(String one, String other) {
        return one.length() == other.length()
                && IntStream.range(0, one.length()).allMatch(i -> fold(one.charAt(i)) == fold(other.charAt(i)));
    }

    private static char fold(char character) {
        char lower = Character.toLowerCase(character);
        return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ? lower : '-';
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
