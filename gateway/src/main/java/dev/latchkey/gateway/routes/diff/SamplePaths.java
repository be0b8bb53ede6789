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

    /** What patterns that begin with {@code **} end with, encoded, and the segments of it, which have no place. */
    private final Set<String> endings = new LinkedHashSet<>();

    private final Set<String> anywhere = new LinkedHashSet<>();
    private boolean hasAllEndings = true;

    /** @param routes whose literals are tried in place of wildcards */
    SamplePaths(Collection<RouteEntry> routes) {
        routes.stream()
                .flatMap(route -> route.match().paths().stream())
                .map(RoutePath::segments)
                .forEach(this::add);
    }

    private void add(List<PatternSegment> segments) {
        if (segments.get(0).kind() == Kind.REST && segments.size() > 1) {
            addEnding(segments.subList(1, segments.size()));
        } else {
            addLiterals(segments);
        }
    }

    private void addEnding(List<PatternSegment> segments) {
        if (endings.size() >= MAX_LITERALS) {
            hasAllEndings = false;
            return;
        }
        List<String> samples = segments.stream().flatMap(SamplePaths::samples).toList();
        anywhere.addAll(samples);
        endings.add(samples.stream().map(SamplePaths::encoded).collect(Collectors.joining()));
    }

    private void addLiterals(List<PatternSegment> segments) {
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
            whole &= (long) paths.size() * choices.size() <= MOST && !(isWild(segment) && incomplete.contains(index));
            paths = longer(paths, choices);
        }
        List<String> fitting = paths.stream()
                .map(path -> path.isEmpty() ? "/" : path)
                .filter(path -> pattern.matches(PathSegments.of(path)))
                .distinct()
                .toList();
        boolean isOpen = segments.stream().anyMatch(segment -> segment.kind() != Kind.LITERAL);
        return new Samples(fitting, whole && !fitting.isEmpty() && (hasAllEndings || !isOpen));
    }

    private static List<String> longer(List<String> paths, List<String> choices) {
        List<String> longer = new ArrayList<>();
        for (String path : paths) {
            choices.stream().limit(MOST - longer.size()).forEach(choice -> longer.add(path + choice));
        }
        return longer;
    }

    private List<String> choices(PatternSegment segment, int index, boolean isLast) {
        Stream<String> others = isWild(segment)
                ? Stream.concat(literals.getOrDefault(index, Set.of()).stream(), anywhere.stream())
                : Stream.empty();
        List<String> choices = Stream.concat(samples(segment), others)
                .distinct()
                .map(SamplePaths::encoded)
                .collect(Collectors.toCollection(ArrayList::new));
        if (segment.kind() == Kind.REST && isLast) {
            choices.add("");
            choices.addAll(endings);
        }
        return choices;
    }

    private static boolean isWild(PatternSegment segment) {
        return segment.kind() != Kind.LITERAL && segment.kind() != Kind.REST;
    }

    private static Stream<String> samples(PatternSegment segment) {
        return switch (segment.kind()) {
            case LITERAL -> Stream.of(segment.text());
            case MIXED -> filled(segment);
            case STAR, VARIABLE, REST -> Stream.of(PLAIN);
        };
    }

    private static String encoded(String segment) {
        return "/" + UriUtils.encodePathSegment(segment, StandardCharsets.UTF_8);
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
