package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.PathExpressions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Paths that a pattern takes, encoded, one for each way in which it could meet another pattern. */
final class SamplePaths {

    private static final int MOST = 256;
    private static final String PLAIN = SampleValues.ANY;
    private static final Pattern PIECE = Pattern.compile("\\{[^/]*}|\\*|\\?");
    private static final Pattern WHOLE = Pattern.compile("\\*|\\{[^{}:*]+}");

    private final SegmentLiterals literals;

    /** @param literals what other patterns have where this one has a wildcard */
    SamplePaths(SegmentLiterals literals) {
        this.literals = literals;
    }

    /** At most a few hundred; none where only an expression could tell. */
    Samples of(PathPattern pattern) {
        List<String> paths = List.of("");
        boolean whole = true;
        List<String> segments = segments(pattern);
        for (int index = 0; index < segments.size(); index++) {
            List<String> choices = choices(segments.get(index), index, index == segments.size() - 1);
            whole &= (long) paths.size() * choices.size() <= MOST
                    && (isPlain(segments.get(index)) || isOpen(segments.get(index)) || literals.isWhole(index));
            paths = longer(paths, choices);
        }
        List<String> fitting = paths.stream()
                .map(it -> it.isEmpty() ? "/" : it)
                .filter(it -> pattern.matches(PathContainer.parsePath(it)))
                .distinct()
                .toList();
        return new Samples(fitting, whole && !fitting.isEmpty());
    }

    static List<String> segments(PathPattern pattern) {
        return PathExpressions.segments(pattern.getPatternString().substring(1));
    }

    static boolean isLiteral(String segment) {
        return !segment.isEmpty() && !PIECE.matcher(segment).find();
    }

    private static boolean isOpen(String segment) {
        return segment.equals("**") || segment.startsWith("{*");
    }

    private static boolean isPlain(String segment) {
        return isLiteral(segment) || segment.isEmpty();
    }

    private static List<String> longer(List<String> paths, List<String> choices) {
        List<String> longer = new ArrayList<>();
        for (String path : paths) {
            choices.stream().limit(MOST - longer.size()).forEach(it -> longer.add(path + it));
        }
        return longer;
    }

    private List<String> choices(String segment, int index, boolean isLast) {
        if (isOpen(segment)) {
            return isLast ? List.of("/" + PLAIN, "") : List.of("/" + PLAIN);
        }
        if (isPlain(segment)) {
            return List.of("/" + encoded(segment));
        }
        Stream<String> others = literals.at(index).stream();
        Stream<String> words = WHOLE.matcher(segment).matches() ? Stream.of(PLAIN) : filled(segment);
        return Stream.concat(words, others).map(it -> "/" + encoded(it)).toList();
    }

    /** The first that fits is enough. */
    private static Stream<String> filled(String segment) {
        PathPattern pattern = PathPatternParser.defaultInstance.parse("/" + segment);
        return SampleValues.words()
                .map(it -> PIECE.matcher(segment).replaceAll(it))
                .filter(it -> pattern.matches(PathContainer.parsePath("/" + encoded(it))))
                .limit(1);
    }

    private static String encoded(String segment) {
        return UriUtils.encodePathSegment(segment, StandardCharsets.UTF_8);
    }

    /**
     * Examples of what a pattern takes.
     *
     * @param complete whether there is one for each way
     */
    record Samples(List<String> paths, boolean complete) {}
}
