package dev.latchkey.gateway.routes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Paths that a pattern takes, encoded, one for each way in which it could meet another pattern. */
final class SamplePaths {

    private static final int MOST = 8;
    private static final int MOST_TRIED = 64;
    private static final String PLAIN = SampleValues.ANY;
    private static final Pattern PIECE = Pattern.compile("\\{[^/]*}|\\*|\\?");
    private static final Pattern WHOLE = Pattern.compile("\\*|\\{[^{}:*]+}");

    private final Map<Integer, Set<String>> literals;

    /** @param literals by the number of the segment, what other patterns have there */
    SamplePaths(Map<Integer, Set<String>> literals) {
        this.literals = Map.copyOf(literals);
    }

    /** At most a few; none where only an expression could tell. */
    List<String> of(PathPattern pattern) {
        List<String> paths = List.of("");
        List<String> segments = segments(pattern);
        for (int index = 0; index < segments.size(); index++) {
            paths = longer(paths, choices(segments.get(index), index, index == segments.size() - 1));
        }
        return paths.stream()
                .map(it -> it.isEmpty() ? "/" : it)
                .filter(it -> pattern.matches(PathContainer.parsePath(it)))
                .distinct()
                .limit(MOST)
                .toList();
    }

    static List<String> segments(PathPattern pattern) {
        return PathExpressions.segments(pattern.getPatternString().substring(1));
    }

    static boolean isLiteral(String segment) {
        return !segment.isEmpty() && !PIECE.matcher(segment).find();
    }

    private static List<String> longer(List<String> paths, List<String> choices) {
        List<String> longer = new ArrayList<>();
        for (String path : paths) {
            choices.stream().limit(MOST_TRIED - longer.size()).forEach(it -> longer.add(path + it));
        }
        return longer;
    }

    private List<String> choices(String segment, int index, boolean isLast) {
        if (segment.equals("**") || segment.startsWith("{*")) {
            return isLast ? List.of("/" + PLAIN, "") : List.of("/" + PLAIN);
        }
        if (isLiteral(segment) || segment.isEmpty()) {
            return List.of("/" + encoded(segment));
        }
        Stream<String> others = literals.getOrDefault(index, Set.of()).stream();
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
}
