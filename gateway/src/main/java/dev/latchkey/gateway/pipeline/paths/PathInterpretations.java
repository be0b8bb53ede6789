package dev.latchkey.gateway.pipeline.paths;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ways in which servers read a path on which they differ: not decoded, decoded once or again; with parameters kept
 * or cut off; with backslashes as slashes or not; with doubled slashes as one or as two. Each in any order: one server
 * cuts parameters off before it decodes, as Tomcat does, another after.
 */
public final class PathInterpretations {

    /** Each reading is made and looked up, so the work grows with the length times their number. */
    private static final int MAX_LENGTH = 2048;

    private static final int MOST_READINGS = 48;

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern DOTS = Pattern.compile("(?:^|/)\\.{1,2}(?:/|$)");

    private static final List<UnaryOperator<String>> WITHOUT_DECODING = List.of(
            path -> path.replace('\\', '/'),
            path -> PARAMETERS.matcher(path).replaceAll(""),
            path -> SLASHES.matcher(path).replaceAll("/"));

    private static final List<UnaryOperator<String>> STEPS = Stream.concat(
                    Stream.<UnaryOperator<String>>of(RawPath::decode), WITHOUT_DECODING.stream())
            .toList();

    private PathInterpretations() {}

    /**
     * All readings, encoded as in a request. Empty if a server could read a dot segment or a control character, or if
     * the path is not UTF-8, because no server needs those; empty too if it is longer than 2,048 characters or has more
     * than 48 readings, because a client can cause all of this work.
     */
    public static Optional<Set<String>> of(String rawPath) {
        return Optional.of(rawPath)
                .filter(path -> path.length() <= MAX_LENGTH)
                .filter(path -> RawPath.decodings(path).isPresent())
                .flatMap(path -> readings(path, STEPS))
                .map(all -> encoded(rawPath, all));
    }

    /** Those of a path on which servers differ only if they decode it again, as a second one behind the first does. */
    public static Set<String> decodedAgain(String clearPath) {
        Set<String> readings = new LinkedHashSet<>(Set.of(clearPath));
        RawPath.decodings(clearPath).ifPresent(all -> all.forEach(reading -> readings.add(encoded(reading))));
        return readings;
    }

    /** Whatever these steps make of a path, one after another in any order. */
    private static Optional<Set<String>> readings(String rawPath, List<UnaryOperator<String>> steps) {
        Set<String> found = new LinkedHashSet<>(Set.of(rawPath));
        Queue<String> open = new ArrayDeque<>(found);
        while (!open.isEmpty()) {
            String path = open.remove();
            if (isUnacceptable(path) || found.size() > MOST_READINGS) {
                return Optional.empty();
            }
            for (UnaryOperator<String> step : steps) {
                String reading = step.apply(path);
                if (found.add(reading)) {
                    open.add(reading);
                }
            }
        }
        return Optional.of(found);
    }

    private static boolean isUnacceptable(String reading) {
        return reading.chars().anyMatch(c -> c < ' ' || c == 0x7f)
                || DOTS.matcher(reading).find();
    }

    /** What was made without decoding is encoded already; in the others each character stands for a byte. */
    private static Set<String> encoded(String rawPath, Set<String> readings) {
        Set<String> encoded =
                new LinkedHashSet<>(readings(rawPath, WITHOUT_DECODING).orElseThrow());
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
