package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.ValueCondition;
import dev.latchkey.gateway.routes.definition.pattern.ValueMatcher;
import dev.latchkey.gateway.routes.explain.Probe;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.UriUtils;

/** Sample requests to one path, with everything that the routes for the path ask about. */
final class RequestSampler {

    private static final int MOST_OF_A_KIND = 8;

    private final Set<String> methods;
    private final Set<HostPattern> hosts;
    private final Set<Conditions> conditions;

    /** @param routes that match the path */
    RequestSampler(Collection<RouteEntry> routes) {
        List<RouteMatch> matches = routes.stream().map(RouteEntry::match).toList();
        this.methods = some(matches.stream().flatMap(match -> match.methods().stream()));
        this.hosts = some(matches.stream().flatMap(match -> match.hosts().stream()));
        this.conditions =
                some(matches.stream().map(Conditions::of).filter(conditions -> !conditions.equals(Conditions.NONE)));
    }

    private static <T> Set<T> some(Stream<T> all) {
        return all.distinct().limit(MOST_OF_A_KIND).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether the samples cover all that routes for the path ask about. */
    boolean isWhole(RouteMatch match) {
        return conditions.size() < MOST_OF_A_KIND
                && methods.size() < MOST_OF_A_KIND
                && (hosts.size() < MOST_OF_A_KIND
                        || (!match.hosts().isEmpty() && match.hosts().stream().noneMatch(HostPattern::below)));
    }

    /** Samples that the match could match, and that others could. */
    Stream<Sample> of(RouteMatch match, String path) {
        return conditionsOf(match)
                .flatMap(conditions -> hostsOf(match)
                        .flatMap(host -> methodsOf(match)
                                .map(method -> conditions.sample(method, host.map(RequestSampler::name), path))));
    }

    private Stream<Conditions> conditionsOf(RouteMatch match) {
        Conditions own = Conditions.of(match);
        return Stream.concat(Stream.of(own), conditions.stream().map(own::and)).distinct();
    }

    private Stream<Optional<HostPattern>> hostsOf(RouteMatch match) {
        return Stream.concat(
                        match.eachHost().stream(),
                        hosts.stream()
                                .filter(host -> match.matchesHost(name(host)))
                                .map(Optional::of))
                .distinct();
    }

    private static String name(HostPattern host) {
        return (host.below() ? "x." : "") + host.name();
    }

    private Stream<String> methodsOf(RouteMatch match) {
        return match.methods().isEmpty()
                ? Stream.concat(Stream.of("GET"), methods.stream()).distinct()
                : match.methods().stream();
    }

    /** A value that passes the test; nothing if none is needed or known. */
    private static Optional<String> sampleValue(ValueMatcher test) {
        if (test instanceof ValueMatcher.Exact exact) {
            return Optional.of(exact.wanted());
        }
        Predicate<List<String>> passes = test;
        return passes.test(List.of())
                ? Optional.empty()
                : SamplePaths.WORDS.stream()
                        .filter(value -> passes.test(List.of(value)))
                        .findFirst();
    }

    /** @param url as it is shown */
    record Sample(Probe probe, String url) {}

    private record Conditions(List<ValueCondition> headers, List<ValueCondition> query) {

        private static final Conditions NONE = new Conditions(List.of(), List.of());

        static Conditions of(RouteMatch match) {
            return new Conditions(match.headers(), match.query());
        }

        Conditions and(Conditions other) {
            return new Conditions(joined(headers, other.headers), joined(query, other.query));
        }

        private static List<ValueCondition> joined(List<ValueCondition> some, List<ValueCondition> more) {
            return Stream.concat(some.stream(), more.stream()).distinct().toList();
        }

        Sample sample(String method, Optional<String> host, String path) {
            HttpHeaders sent = new HttpHeaders();
            headers.forEach(
                    condition -> sampleValue(condition.test()).ifPresent(value -> sent.add(condition.name(), value)));
            String names = sent.isEmpty() ? "" : " with " + String.join(", ", sent.headerNames());
            host.ifPresent(name -> sent.set(HttpHeaders.HOST, name));
            String target = path + parameters();
            return new Sample(
                    new Probe(
                            method,
                            URI.create("http://" + host.orElse("localhost") + target),
                            new SpringHeaderFields(sent)),
                    host.orElse("") + target + names);
        }

        private String parameters() {
            String all = query.stream()
                    .flatMap(condition ->
                            sampleValue(condition.test()).stream().map(value -> condition.name() + "=" + value))
                    .map(parameter -> UriUtils.encodeQuery(parameter, StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            return all.isEmpty() ? "" : "?" + all;
        }
    }
}
