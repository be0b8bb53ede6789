package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.routes.definition.LaneChoice;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.RouteSettings;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import dev.latchkey.gateway.routes.definition.action.RouteAnswer;
import dev.latchkey.gateway.routes.upstream.RetryRule;
import dev.latchkey.gateway.routes.upstream.TargetsRule;
import dev.latchkey.gateway.yaml.Faults;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.Position;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one route, and names it in the faults. */
final class RouteReader {

    private static final Set<String> DEFAULTS_KEYS = Set.of(
            "entry",
            "rewrite",
            "timeout",
            "connect-timeout",
            "ssl-bundle",
            "retries",
            "circuit-breaker",
            "limits",
            "cors",
            "security-headers",
            "lane");
    private static final Map<String, LaneChoice> LANE = Map.of("on", LaneChoice.ON, "off", LaneChoice.OFF);
    private static final Set<String> KEYS = Stream.concat(
                    DEFAULTS_KEYS.stream(), Stream.of("id", "match", "to", "redirect", "respond"))
            .collect(Collectors.toUnmodifiableSet());
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Faults faults;
    private final RouteDefaults defaults;
    private final ReservedPaths reserved;

    /** Reads the defaults. If they have a fault, routes inherit nothing, so that it is reported once. */
    RouteReader(FieldReader file, ReservedPaths reserved, Faults faults) {
        this.faults = faults;
        this.reserved = reserved;
        this.defaults = file.find("defaults").map(node -> defaults(file, node)).orElse(RouteDefaults.NONE);
    }

    private RouteDefaults defaults(FieldReader file, YamlNode node) {
        int before = faults.count();
        file.fields("defaults", node, DEFAULTS_KEYS).ifPresent(fields -> {
            AccessRuleReader.checkDefaults(fields);
            settings(fields);
        });
        return node instanceof Fields fields && faults.count() == before
                ? new RouteDefaults(fields.entries())
                : RouteDefaults.NONE;
    }

    /** The route, or nothing if faults were reported. */
    Optional<RouteEntry> read(YamlNode node, int number) {
        if (node instanceof Fields fields) {
            FieldReader route = new FieldReader(defaults.complete(fields), subject(fields, number), "", KEYS, faults);
            return route(fields.position(), route);
        }
        if (!(node instanceof YamlNode.Refused)) {
            faults.add(node.position(), "route " + number + ": a route must be a mapping that begins with id");
        }
        return Optional.empty();
    }

    private static String subject(Fields fields, int number) {
        return fields.entries().stream()
                .filter(field -> field.name().equals("id") && field.value() instanceof Scalar)
                .findFirst()
                .map(field -> ((Scalar) field.value()).value())
                .filter(id -> ID.matcher(id).matches())
                .map(id -> "route '" + id + "': ")
                .orElse("route " + number + ": ");
    }

    private Optional<RouteEntry> route(Position position, FieldReader route) {
        int before = faults.count();
        Optional<Scalar> id = route.require("id", "give the route a name").flatMap(value -> id(route, value));
        Optional<RouteMatch> match = MatchReader.read(route, reserved);
        boolean isAnswered = AnswerReader.isThere(route);
        Optional<RouteAnswer> answer = isAnswered ? AnswerReader.read(route) : Optional.empty();
        Optional<TargetsRule> to = isAnswered ? Optional.of(TargetsRule.NONE) : TargetsReader.read(route);
        Optional<AccessRule> rule = AccessRuleReader.read(route, id.map(Scalar::value), isAnswered);
        RouteSettings rest = isAnswered ? ownSettings(route) : settings(route);
        if (faults.count() > before || id.isEmpty() || match.isEmpty() || to.isEmpty() || rule.isEmpty()) {
            return Optional.empty();
        }
        Scalar name = id.get();
        return Optional.of(new RouteEntry(
                position, name.position(), name.value(), match.get(), to.get(), answer, rule.get(), rest));
    }

    private static Optional<Scalar> id(FieldReader route, YamlNode value) {
        return route.text("id", value)
                .flatMap(text -> ID.matcher(text.value()).matches()
                        ? Optional.of(text)
                        : route.wrong(
                                text, "id must be 1 to 64 letters, digits, '.', '_' or '-', a letter or digit first"));
    }

    /** The settings of a route without a backend: what it inherits for calls to one does not count. */
    private static RouteSettings ownSettings(FieldReader route) {
        return new RouteSettings(
                Rewrite.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RetryRule.NONE,
                Optional.empty(),
                LimitsReader.read(route),
                CorsReader.read(route),
                SecurityHeadersReader.read(route),
                Choices.wordOf(route, "lane", LANE));
    }

    private static Optional<String> sslBundle(FieldReader route) {
        return route.find("ssl-bundle")
                .flatMap(value -> route.text("ssl-bundle", value))
                .flatMap(text -> ID.matcher(text.value()).matches()
                        ? Optional.of(text.value())
                        : route.wrong(text, "ssl-bundle must be the name of a bundle in spring.ssl.bundle"));
    }

    /** A section that is absent or wrong has its neutral value. */
    private static RouteSettings settings(FieldReader route) {
        return new RouteSettings(
                RewriteReader.read(route),
                Quantities.duration(route, "timeout"),
                Quantities.duration(route, "connect-timeout"),
                sslBundle(route),
                CallReader.retries(route),
                CallReader.breaker(route),
                LimitsReader.read(route),
                CorsReader.read(route),
                SecurityHeadersReader.read(route),
                Choices.wordOf(route, "lane", LANE));
    }
}
