package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.pipeline.admission.EntryRule;
import dev.latchkey.gateway.routes.YamlNode.Fields;
import dev.latchkey.gateway.routes.YamlNode.Scalar;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one route and names it in what it says about it. */
final class RouteReader {

    private static final Set<String> KEYS = Set.of("id", "match", "to", "entry", "rewrite", "timeout");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Faults faults;
    private final MatchReader matches = new MatchReader();
    private final EntryReader entries = new EntryReader();
    private final BackendReader backends = new BackendReader();

    RouteReader(Faults faults) {
        this.faults = faults;
    }

    /** The route, or nothing where the faults were told. */
    Optional<RouteEntry> read(YamlNode node, int number) {
        if (node instanceof Fields fields) {
            return route(fields, new FieldReader(fields, subject(fields, number), "", KEYS, faults));
        }
        if (!(node instanceof YamlNode.Refused)) {
            faults.add(node.position(), "route " + number + ": a route must be a mapping that begins with id");
        }
        return Optional.empty();
    }

    private static String subject(Fields fields, int number) {
        return fields.entries().stream()
                .filter(it -> it.name().equals("id") && it.value() instanceof Scalar)
                .findFirst()
                .map(it -> ((Scalar) it.value()).value())
                .filter(it -> ID.matcher(it).matches())
                .map(it -> "route '" + it + "': ")
                .orElse("route " + number + ": ");
    }

    private Optional<RouteEntry> route(Fields fields, FieldReader route) {
        int before = faults.count();
        Optional<Scalar> id = route.require("id", "give the route a name").flatMap(it -> id(route, it));
        Optional<RouteMatch> match = matches.read(route);
        Optional<URI> to = backends.to(route);
        Optional<EntryRule> rule = entries.read(route, id.map(Scalar::value));
        int strip = backends.stripPrefix(route);
        Optional<Duration> timeout = backends.timeout(route);
        if (faults.count() > before || id.isEmpty() || match.isEmpty() || to.isEmpty() || rule.isEmpty()) {
            return Optional.empty();
        }
        Scalar name = id.get();
        return Optional.of(new RouteEntry(
                fields.position(), name.position(), name.value(), match.get(), to.get(), rule.get(), strip, timeout));
    }

    private static Optional<Scalar> id(FieldReader route, YamlNode value) {
        return route.text("id", value)
                .flatMap(it -> ID.matcher(it.value()).matches()
                        ? Optional.of(it)
                        : route.wrong(
                                it, "id must be 1 to 64 letters, digits, '.', '_' or '-', a letter or digit first"));
    }
}
