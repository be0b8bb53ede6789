package dev.latchkey.gateway.pipeline.paths;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The ways in which servers read a path on which they differ: decoded once, or again, or not; with parameters cut off
 * or kept; with backslashes for slashes or not; with doubled slashes as one or as two.
 */
public final class PathInterpretations {

    /** Each reading is made and looked up, so that the work grows with the length times their number. */
    private static final int LONGEST = 2048;

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern DOTS = Pattern.compile("(?:^|/)\\.{1,2}(?:/|$)");

    private PathInterpretations() {}

    /**
     * All readings, encoded as in a request; none where somebody could read a dot segment or a control character, or
     * where the path is no text, for no server has a use for those; none either where it is longer than 2,048
     * characters, because all of this is work that a client can cause.
     */
    public static Optional<Set<String>> of(String rawPath) {
        return Optional.of(rawPath)
                .filter(path -> path.length() <= LONGEST)
                .flatMap(RawPath::decodings)
                .map(PathInterpretations::variants)
                .filter(it -> it.stream().noneMatch(PathInterpretations::isNobodys))
                .map(it -> encoded(rawPath, it));
    }

    private static Set<String> variants(List<String> decodings) {
        Set<String> variants = new LinkedHashSet<>(decodings);
        List.copyOf(variants).forEach(it -> variants.add(it.replace('\\', '/')));
        List.copyOf(variants).forEach(it -> variants.add(PARAMETERS.matcher(it).replaceAll("")));
        List.copyOf(variants).forEach(it -> variants.add(SLASHES.matcher(it).replaceAll("/")));
        return variants;
    }

    private static boolean isNobodys(String reading) {
        return reading.chars().anyMatch(it -> it < ' ' || it == 0x7f)
                || DOTS.matcher(reading).find();
    }

    /** What came as a reading of the raw path is a path already; in the others each octet stands for itself. */
    private static Set<String> encoded(String rawPath, Set<String> readings) {
        Set<String> encoded = new LinkedHashSet<>();
        variants(List.of(rawPath)).forEach(encoded::add);
        readings.forEach(it -> encoded.add(encoded(it)));
        return encoded;
    }

    private static String encoded(String octets) {
        StringBuilder path = new StringBuilder(octets.length() * 2);
        for (int at = 0; at < octets.length(); at++) {
            char c = octets.charAt(at);
            boolean isPlain = (c < 0x7f && Character.isLetterOrDigit(c)) || "/-._~".indexOf(c) >= 0;
            if (isPlain) {
                path.append(c);
            } else {
                path.append('%').append(RawPath.hexOf(c));
            }
        }
        return path.toString();
    }
}
