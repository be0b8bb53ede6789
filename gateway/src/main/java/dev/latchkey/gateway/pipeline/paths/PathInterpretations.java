package dev.latchkey.gateway.pipeline.paths;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The ways in which servers read a path on which they differ: not decoded, decoded once or again; with parameters kept
 * or cut off; with backslashes as slashes or not; with doubled slashes as one or as two.
 */
public final class PathInterpretations {

    /** Each reading is made and looked up, so the work grows with the length times their number. */
    private static final int MAX_LENGTH = 2048;

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern DOTS = Pattern.compile("(?:^|/)\\.{1,2}(?:/|$)");

    private PathInterpretations() {}

    /**
     * All readings, encoded as in a request. Empty if a server could read a dot segment or a control character, or if
     * the path is not UTF-8, because no server needs those; empty too if it is longer than 2,048 characters, because a
     * client can cause all of this work.
     */
    public static Optional<Set<String>> of(String rawPath) {
        return Optional.of(rawPath)
                .filter(path -> path.length() <= MAX_LENGTH)
                .flatMap(RawPath::decodings)
                .map(PathInterpretations::variants)
                .filter(all -> all.stream().noneMatch(PathInterpretations::isUnacceptable))
                .map(all -> encoded(rawPath, all));
    }

    private static Set<String> variants(List<String> decodings) {
        Set<String> variants = new LinkedHashSet<>(decodings);
        List.copyOf(variants).forEach(path -> variants.add(path.replace('\\', '/')));
        List.copyOf(variants)
                .forEach(path -> variants.add(PARAMETERS.matcher(path).replaceAll("")));
        List.copyOf(variants).forEach(path -> variants.add(SLASHES.matcher(path).replaceAll("/")));
        return variants;
    }

    private static boolean isUnacceptable(String reading) {
        return reading.chars().anyMatch(c -> c < ' ' || c == 0x7f)
                || DOTS.matcher(reading).find();
    }

    /** The variants of the raw path are encoded already; in the others each character stands for a byte. */
    private static Set<String> encoded(String rawPath, Set<String> readings) {
        Set<String> encoded = new LinkedHashSet<>(variants(List.of(rawPath)));
        readings.forEach(reading -> encoded.add(encoded(reading)));
        return encoded;
    }

    /** Everything but slashes and what never needs it (RFC 3986 section 2.3). */
    private static String encoded(String reading) {
        StringBuilder encoded = new StringBuilder(reading.length());
        for (int at = 0; at < reading.length(); at++) {
            char c = reading.charAt(at);
            if (c == '/' || PercentEncoding.isUnreserved(c)) {
                encoded.append(c);
            } else {
                PercentEncoding.append(encoded, c);
            }
        }
        return encoded.toString();
    }
}
