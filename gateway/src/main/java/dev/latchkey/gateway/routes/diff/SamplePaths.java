package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.pattern.PatternSegment;
import dev.latchkey.gateway.routes.definition.pattern.PatternSegment.Kind;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.web.util.UriUtils;

/** Encoded paths that a pattern matches, one for each way in which it could meet another pattern. */
final class SamplePaths {

    private static final int MOST = 256;
    private static final String PLAIN = "x";
    private static final Pattern WILDCARD = Pattern.compile("\\{[^/]*}|[*?]");

    /** To try because an expression only says whether a word matches. */
    static final List<String> WORDS = List.of(
            PLAIN,
            "1",
            "a",
            "A",
            "en",
            "12",
            "123",
            "1234",
            "abc",
            "v1",
            "true",
            "2026",
            "2026-01-31",
            "x.html",
            "00000000-0000-0000-0000-000000000000");

    private static final int MAX_LITERALS = 64;

    /** By place: what a wildcard of another pattern may stand for. */
    private final Map<Integer, Set<String>> literals = new HashMap<>();

    private final Set<Integer> incomplete = new HashSet<>();

    /** @param routes whose literals are tried in place of wildcards */
    SamplePaths(Collection<RouteEntry> routes) {
        routes.stream().flatMap(route -> route.match().paths().stream()).forEach(this::addLiterals);
    }

    private void addLiterals(RoutePath pattern) {
        List<PatternSegment> segments = pattern.segments();
        for (int place = 0; place < segments.size(); place++) {
            String text = segments.get(place).text();
            if (segments.get(place).kind() == Kind.LITERAL && !text.isEmpty()) {
                Set<String> known = literals.computeIfAbsent(place, unused -> new LinkedHashSet<>());
                if (known.size() < MAX_LITERALS) {
                    known.add(text);
                } else if (!known.contains(text)) {
                    incomplete.add(place);
                }
            }
        }
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
            whole &= (long) paths.size() * choices.size() <= MOST && !(isWild && incomplete.contains(index));
            paths = longer(paths, choices);
        }
        List<String> fitting = paths.stream()
                .map(path -> path.isEmpty() ? "/" : path)
                .filter(path -> pattern.matches(PathSegments.of(path)))
                .distinct()
                .toList();
        return new Samples(fitting, whole && !fitting.isEmpty());
    }

    private static List<String> longer(List<String> paths, List<String> choices) {
        List<String> longer = new ArrayList<>();
        for (String path : paths) {
            choices.stream().limit(MOST - longer.size()).forEach(choice -> longer.add(path + choice));
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
        List<String> choices = Stream.concat(
                        own, isWild ? literals.getOrDefault(index, Set.of()).stream() : Stream.empty())
                .map(literal -> "/" + UriUtils.encodePathSegment(literal, StandardCharsets.UTF_8))
                .collect(Collectors.toCollection(ArrayList::new));
        if (segment.kind() == Kind.REST && isLast) {
            choices.add("");
        }
        return choices;
    }

    /** The first that fits is enough. */
    private static Stream<String> filled(PatternSegment segment) {
        return WORDS.stream()
                .map(word -> WILDCARD.matcher(segment.text()).replaceAll(word))
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
