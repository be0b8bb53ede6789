package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.PatternSegment;
import dev.latchkey.gateway.routes.definition.PatternSegment.Kind;
import dev.latchkey.gateway.routes.definition.RoutePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.UriUtils;

/** Encoded paths that a pattern matches, one for each way in which it could meet another pattern. */
final class SamplePaths {

    private static final int MOST = 256;
    private static final String PLAIN = SampleValues.ANY;
    private static final Pattern WILDCARD = Pattern.compile("\\{[^/]*}|[*?]");

    private final SegmentLiterals literals;

    /** @param literals what other patterns have where this one has a wildcard */
    SamplePaths(SegmentLiterals literals) {
        this.literals = literals;
    }

    /** At most a few hundred; none if no sample fits its expressions. */
    Samples of(RoutePath pattern) {
        List<String> paths = List.of("");
        boolean whole = true;
        List<PatternSegment> segments = pattern.segments();
        for (int index = 0; index < segments.size(); index++) {
            PatternSegment segment = segments.get(index);
            List<String> choices = choices(segment, index, index == segments.size() - 1);
            boolean isWild = segment.kind() != Kind.LITERAL && segment.kind() != Kind.REST;
            whole &= (long) paths.size() * choices.size() <= MOST && (!isWild || literals.isWhole(index));
            paths = longer(paths, choices);
        }
        List<String> fitting = paths.stream()
                .map(it -> it.isEmpty() ? "/" : it)
                .filter(it -> pattern.matches(PathContainer.parsePath(it)))
                .distinct()
                .toList();
        return new Samples(fitting, whole && !fitting.isEmpty());
    }

    private static List<String> longer(List<String> paths, List<String> choices) {
        List<String> longer = new ArrayList<>();
        for (String path : paths) {
            choices.stream().limit(MOST - longer.size()).forEach(it -> longer.add(path + it));
        }
        return longer;
    }

    private List<String> choices(PatternSegment segment, int index, boolean isLast) {
        Stream<String> own = switch (segment.kind()) {
            case LITERAL -> Stream.of(segment.text());
            case MIXED -> filled(segment);
            case STAR, VARIABLE, REST -> Stream.of(PLAIN);
        };
        boolean isWild = segment.kind() != Kind.LITERAL && segment.kind() != Kind.REST;
        List<String> choices = Stream.concat(own, isWild ? literals.at(index).stream() : Stream.empty())
                .map(it -> "/" + UriUtils.encodePathSegment(it, StandardCharsets.UTF_8))
                .collect(Collectors.toCollection(ArrayList::new));
        if (segment.kind() == Kind.REST && isLast) {
            choices.add("");
        }
        return choices;
    }

    /** The first that fits is enough. */
    private static Stream<String> filled(PatternSegment segment) {
        return SampleValues.words()
                .map(it -> WILDCARD.matcher(segment.text()).replaceAll(it))
                .filter(segment::matches)
                .limit(1);
    }

    /**
     * Sample paths.
     *
     * @param complete whether there is one for each way
     */
    record Samples(List<String> paths, boolean complete) {}
}
