package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.ValueCondition;
import dev.latchkey.gateway.routes.definition.pattern.ValueMatcher;
import dev.latchkey.gateway.routes.definition.pattern.ValueMatcher.Present;
import dev.latchkey.gateway.routes.explain.Probe;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.UriUtils;

/** Sample requests to one path, with everything that the routes for the path ask about. */
final class RequestSampler {

    private static final int MOST_OF_A_KIND = 8;

    /** The first that no route for the path names stands for all that none names. */
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND");

    private final Set<String> methods;
    private final Set<HostPattern> hosts;
    private final Set<Conditions> conditions;

    /** @param routes that match the path */
    RequestSampler(Collection<RouteEntry> routes) {
        List<RouteMatch> matches = routes.stream().map(RouteEntry::match).toList();
        this.methods = some(matches.stream().flatMap(match -> match.methods().stream()));
        this.hosts = some(matches.stream().flatMap(match -> match.hosts().stream()));
        this.conditions = some(matches.stream()
                .map(Conditions::of)
                .flatMap(asked -> Stream.of(asked, asked.withWhatMustBeAbsent()))
                .filter(asked -> !asked.equals(Conditions.NONE)));
    }

    private static <T> Set<T> some(Stream<T> all) {
        return all.distinct().limit(MOST_OF_A_KIND).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether the samples cover all that routes for the path ask about. */
    boolean isWhole(RouteMatch match) {
        return conditions.size() < MOST_OF_A_KIND
                && Stream.concat(Stream.of(Conditions.of(match)), conditions.stream())
                        .allMatch(Conditions::haveSamples)
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
                ? Stream.concat(
                        METHODS.stream().filter(name -> !methods.contains(name)).limit(1), methods.stream())
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

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }

    /** @param url as it is shown: of headers and parameters the names alone, because values may be secrets */
    record Sample(Probe probe, String url) {}

    private record Conditions(List<ValueCondition> headers, List<ValueCondition> query) {

        private static final Conditions NONE = new Conditions(List.of(), List.of());

        static Conditions of(RouteMatch match) {
            return new Conditions(match.headers(), match.query());
        }

        /** Conditions of requests that fail where a value must be absent. */
        Conditions withWhatMustBeAbsent() {
            return new Conditions(withWhatMustBeAbsent(headers), withWhatMustBeAbsent(query));
        }

        private static List<ValueCondition> withWhatMustBeAbsent(List<ValueCondition> conditions) {
            return conditions.stream()
                    .map(condition -> condition.test().equals(new Present(false))
                            ? new ValueCondition(condition.name(), new Present(true))
                            : condition)
                    .toList();
        }

        /** Whether a value is known for each that needs one. */
        boolean haveSamples() {
            return Stream.concat(headers.stream(), query.stream())
                    .map(ValueCondition::test)
                    .allMatch(test -> test.test(List.of()) || sampleValue(test).isPresent());
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
            String target = path + parameters((name, value) -> name + "=" + value);
            return new Sample(
                    new Probe(
                            method,
                            URI.create("http://" + host.orElse("localhost") + target),
                            new SpringHeaderFields(sent)),
                    host.orElse("") + path + parameters((name, value) -> name) + names);
        }

        private String parameters(BinaryOperator<String> form) {
            String all = query.stream()
                    .flatMap(condition -> sampleValue(condition.test()).stream()
                            .map(value -> form.apply(encoded(condition.name()), encoded(value))))
                    .distinct()
                    .collect(Collectors.joining("&"));
            return all.isEmpty() ? "" : "?" + all;
        }
    }
}
