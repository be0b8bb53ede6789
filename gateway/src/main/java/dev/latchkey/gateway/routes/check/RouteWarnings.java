package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.action.Redirect;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import dev.latchkey.gateway.routes.upstream.DnsLookup;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Faults;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what may be a mistake; warnings stop nothing. */
public final class RouteWarnings {

    private final List<RouteEntry> routes;
    private final Faults warnings;

    private RouteWarnings(List<RouteEntry> routes, Faults warnings) {
        this.routes = routes;
        this.warnings = warnings;
    }

    public static List<Fault> of(List<RouteEntry> routes, ValidationContext context) {
        Faults warnings = new Faults();
        RouteWarnings checks = new RouteWarnings(routes, warnings);
        checks.openBelowProtected();
        checks.weakerBySlash();
        checks.lonelyWeights();
        checks.endlessRedirects();
        checks.sharedTokens();
        checks.lonelyHealthChecks();
        checks.datesThatComeBack();
        UnmetRequirements unmet = new UnmetRequirements(context);
        routes.forEach(route -> unmet.of(route.entry()).forEach(message -> checks.warn(route, message)));
        return warnings.sorted();
    }

    /** A protected pattern for everything protects no part of the site in particular. */
    private void openBelowProtected() {
        RouteCover guarded = new RouteCover();
        RouteCover guardedSomewhere = new RouteCover();
        for (int number = 0; number < routes.size(); number++) {
            if (routes.get(number).entry().access() == AccessLevel.REQUIRED) {
                RouteMatch match = withoutAll(routes.get(number).match());
                guarded.add(match, number);
                guardedSomewhere.add(match.onAnyHost(), number);
            }
        }
        for (RouteEntry route : routes) {
            if (route.entry().access() == AccessLevel.PUBLIC) {
                guard(route, guarded, guardedSomewhere)
                        .ifPresent(number -> warn(
                                route,
                                "it is public, below what route '"
                                        + routes.get(number).id() + "' protects"));
            }
        }
    }

    private static RouteMatch withoutAll(RouteMatch match) {
        List<RoutePath> paths =
                match.paths().stream().filter(path -> !path.isEverything()).toList();
        return new RouteMatch(paths, match.methods(), match.hosts(), match.headers(), match.query(), match.split());
    }

    /** On all that the host stands for, or on one of them. */
    private Optional<Integer> guard(RouteEntry route, RouteCover guarded, RouteCover guardedSomewhere) {
        return route.match().eachHost().stream()
                .flatMap(host -> guard(route, host, guarded, guardedSomewhere).stream())
                .findFirst();
    }

    private Optional<Integer> guard(
            RouteEntry route, Optional<HostPattern> host, RouteCover guarded, RouteCover guardedSomewhere) {
        Optional<Integer> onAll = covering(route, guarded, host).findFirst();
        return onAll.isPresent() || host.filter(pattern -> !pattern.below()).isPresent()
                ? onAll
                : covering(route, guardedSomewhere, Optional.empty())
                        .filter(number -> host.isEmpty() || isOneOf(host.get(), number))
                        .findFirst();
    }

    private static Stream<Integer> covering(RouteEntry route, RouteCover cover, Optional<HostPattern> host) {
        return route.match().paths().stream().flatMap(path -> cover.of(path, host).stream());
    }

    private boolean isOneOf(HostPattern hosts, int number) {
        return routes.get(number).match().hosts().stream().anyMatch(hosts::covers);
    }

    /** Many a backend takes {@code /a} and {@code /a/} for one, but only one of them is the route's. */
    private void weakerBySlash() {
        RouteCover all = new RouteCover();
        for (int number = 0; number < routes.size(); number++) {
            all.add(routes.get(number).match(), number);
        }
        for (RouteEntry route : routes) {
            if (route.entry().access() == AccessLevel.REQUIRED) {
                weakerBySlash(route, all)
                        .ifPresent(other -> warn(
                                route,
                                "with a slash added or removed at the end, its paths belong to route '" + other.id()
                                        + "', which has the same backend and another rule"));
            }
        }
    }

    private Optional<RouteEntry> weakerBySlash(RouteEntry route, RouteCover all) {
        return route.match().paths().stream()
                .flatMap(path -> path.withOtherEnd().stream())
                .flatMap(path -> route.match().eachHost().stream()
                        .flatMap(host -> firstWeaker(route, all.of(path, host)).stream()))
                .findFirst();
    }

    /** Up to the first that lets no request pass. */
    private Optional<RouteEntry> firstWeaker(RouteEntry route, Set<Integer> covering) {
        for (int number : covering) {
            RouteEntry other = routes.get(number);
            if (isWeaker(other.entry(), route.entry())
                    && hasTheSameBackend(other, route)
                    && haveMethodInCommon(other.match(), route.match())) {
                return Optional.of(other);
            }
            if (other.match().isOfPathsAlone()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Of two sets of roles, neither need be the weaker one. */
    private static boolean isWeaker(AccessRule other, AccessRule rule) {
        return other.access() != AccessLevel.REQUIRED
                || (!rule.roles().isEmpty() && !other.roles().equals(rule.roles()));
    }

    private static boolean hasTheSameBackend(RouteEntry one, RouteEntry other) {
        return !one.to().urls().isEmpty() && leadsToTheSame(one, other);
    }

    private static boolean haveMethodInCommon(RouteMatch one, RouteMatch other) {
        return one.methods().isEmpty()
                || other.methods().isEmpty()
                || !Collections.disjoint(one.methods(), other.methods());
    }

    private void lonelyWeights() {
        Map<RouteMatch, Integer> sizes = new HashMap<>();
        routes.stream()
                .filter(route -> route.match().split().isPresent())
                .forEach(route -> sizes.merge(route.match().whole(), 1, Integer::sum));
        routes.stream()
                .filter(route -> route.match().split().isPresent()
                        && sizes.getOrDefault(route.match().whole(), 0) == 1)
                .forEach(route -> warn(
                        route,
                        "it has a weight and matches everything, because no other route matches the same requests"));
    }

    /** Tried with one value for all groups, so one that ends for some values may be missed. */
    private void endlessRedirects() {
        for (int number = 0; number < routes.size(); number++) {
            RouteEntry route = routes.get(number);
            Optional<Redirect> redirect = route.answer()
                    .filter(Redirect.class::isInstance)
                    .map(Redirect.class::cast)
                    .filter(Redirect::leadsToItself);
            List<RouteEntry> earlier = routes.subList(0, number);
            redirect.map(its -> PathSegments.of(its.to().sample()))
                    .filter(path -> takes(route.match(), path))
                    .filter(path -> earlier.stream().noneMatch(other -> isOf(other.match(), path)))
                    .ifPresent(unused -> warn(route, "it redirects to a path that it redirects again"));
        }
    }

    private static boolean takes(RouteMatch match, PathSegments path) {
        return match.headers().isEmpty()
                && match.query().isEmpty()
                && (match.methods().isEmpty() || match.methods().contains("GET"))
                && isOf(match, path);
    }

    private static boolean isOf(RouteMatch match, PathSegments path) {
        return match.paths().stream().anyMatch(pattern -> pattern.matches(path));
    }

    /** A backend could use its tokens at the other backend; the routes of a group are one backend to their users. */
    private void sharedTokens() {
        Map<String, RouteEntry> first = new HashMap<>();
        for (RouteEntry route : routes) {
            Optional<String> token = token(route.entry());
            token.map(what -> first.putIfAbsent(what, route))
                    .filter(other -> !leadsToTheSame(other, route) && !isSameGroup(other, route))
                    .ifPresent(other -> warn(
                            route,
                            token.orElse("") + " is also that of route '" + other.id()
                                    + "', which leads elsewhere: either backend can use the tokens of the other"));
        }
    }

    /** What backends get, where it is a token. */
    private static Optional<String> token(AccessRule rule) {
        Optional<String> audience = rule.audience().map(Audience::value);
        return switch (rule.options().relay()) {
            case IDENTITY -> audience.map(name -> "its audience '" + name + "'");
            case ACCESS_TOKEN ->
                Optional.of("its provider's access token"
                        + audience.map(name -> " for '" + name + "'").orElse(""));
            case HEADERS, NONE -> Optional.empty();
        };
    }

    private static boolean leadsToTheSame(RouteEntry one, RouteEntry other) {
        return Set.copyOf(one.to().urls()).equals(Set.copyOf(other.to().urls()))
                && service(one).equals(service(other));
    }

    private static Optional<String> service(RouteEntry route) {
        return route.to().lookup().flatMap(DnsLookup::service);
    }

    private static boolean isSameGroup(RouteEntry one, RouteEntry other) {
        return one.match().split().isPresent()
                && other.match().split().isPresent()
                && one.match().whole().equals(other.match().whole());
    }

    private void lonelyHealthChecks() {
        routes.stream()
                .filter(route ->
                        route.to().healthCheck().isPresent() && !route.to().isMany())
                .forEach(route -> warn(
                        route,
                        "its health check decides nothing, because it has one backend: the backend's requests go on,"
                                + " and only the log and the gauge latchkey.backends.healthy say more"));
    }

    /** A proxy that forwards an answer without a date must say when it came (RFC 9110 section 6.6.1). */
    private void datesThatComeBack() {
        routes.stream()
                .filter(route -> route.settings().rewrite().removesFromResponse("Date"))
                .forEach(route -> warn(
                        route, "it removes Date from responses, and the gateway adds its own where there is none"));
    }

    private void warn(RouteEntry route, String message) {
        warnings.add(route.position(), "route '" + route.id() + "': " + message);
    }
}
