package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.forwarding.Methods;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.TrafficSplit;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import dev.latchkey.gateway.routes.definition.pattern.ValueCondition;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads which requests a route matches. */
final class MatchReader {

    private static final Set<String> KEYS = Set.of("path", "methods", "host", "headers", "query", "weight");

    /** The methods that a route may name. */
    static final Map<String, String> METHODS =
            Methods.ALL.stream().collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

    private static final int MOST_WEIGHT = 1000;
    private static final Pattern HOST =
            Pattern.compile("(?:\\*\\.)?[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}]");

    private MatchReader() {}

    /** The match, or nothing if faults were reported. */
    static Optional<RouteMatch> read(FieldReader route, ReservedPaths reserved) {
        return route.require("match", "write which path the route matches")
                .flatMap(node -> route.fields("match", node, KEYS))
                .flatMap(match -> match(match, reserved));
    }

    private static Optional<RouteMatch> match(FieldReader match, ReservedPaths reserved) {
        Optional<List<RoutePath>> paths = match.require("path", "write a pattern such as /api/orders/**")
                .flatMap(value -> paths(match, value, reserved));
        Set<String> methods = match.find("methods")
                .flatMap(value -> match.texts("methods", value))
                .map(names -> methods(match, names))
                .orElse(Set.of());
        List<HostPattern> hosts =
                match.find("host").map(value -> hosts(match, value)).orElse(List.of());
        Optional<TrafficSplit> split = match.find("weight")
                .flatMap(value -> match.number("weight", value, MOST_WEIGHT))
                .map(TrafficSplit::of);
        ConditionReader conditions = new ConditionReader(match);
        List<ValueCondition> headers = conditions.headers();
        List<ValueCondition> query = conditions.query();
        return paths.map(patterns -> new RouteMatch(patterns, methods, hosts, headers, query, split));
    }

    private static Optional<List<RoutePath>> paths(FieldReader match, YamlNode value, ReservedPaths reserved) {
        return oneOrMore(match, "path", value)
                .map(all -> all.stream()
                        .flatMap(text -> path(match, text, reserved).stream())
                        .toList());
    }

    private static Optional<List<Scalar>> oneOrMore(FieldReader match, String name, YamlNode value) {
        return value instanceof Items
                ? match.texts(name, value)
                : match.text(name, value).map(List::of);
    }

    private static Optional<RoutePath> path(FieldReader match, Scalar text, ReservedPaths reserved) {
        String pattern = text.value();
        if (!pattern.startsWith("/") || pattern.contains("//")) {
            return match.wrong(text, "path must begin with '/' and hold no '//'");
        }
        if (pattern.chars().anyMatch(character -> character <= ' ' || character == '%' || character == ';')) {
            return match.wrong(
                    text, "path must hold no space, '%' or ';'; write it decoded, no request with ';' matches");
        }
        return reserved.holds(pattern) ? match.wrong(text, ownedBy(pattern)) : parsed(match, text);
    }

    private static String ownedBy(String pattern) {
        String advice = pattern.equals(EndpointPaths.JWKS) ? "" : "; latchkey.paths.prefix can move it";
        return "path '" + pattern + "' is the gateway's own and never forwarded" + advice;
    }

    private static Optional<RoutePath> parsed(FieldReader match, Scalar text) {
        try {
            return Optional.of(PathPatterns.parse(text.value()));
        } catch (IllegalArgumentException e) {
            return match.wrong(text, "path '" + text.value() + "' " + e.getMessage());
        }
    }

    private static Set<String> methods(FieldReader match, List<Scalar> names) {
        return names.stream()
                .flatMap(name -> Choices.oneOf(match, "methods", name, METHODS).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static List<HostPattern> hosts(FieldReader match, YamlNode value) {
        return oneOrMore(match, "host", value).orElse(List.of()).stream()
                .flatMap(name -> host(match, name).stream())
                .toList();
    }

    private static Optional<HostPattern> host(FieldReader match, Scalar name) {
        return HOST.matcher(name.value()).matches() && isAddressInBrackets(name.value())
                ? Optional.of(HostPattern.of(name.value()))
                : match.wrong(name, "host must be a host name without port, or '*.' and a host name");
    }

    /** Whether what stands in brackets, if anything does, is an address of IPv6 (RFC 3986 section 3.2.2). */
    static boolean isAddressInBrackets(String host) {
        return !host.startsWith("[") || NetUtil.isValidIpV6Address(host.substring(1, host.indexOf(']')));
    }
}
