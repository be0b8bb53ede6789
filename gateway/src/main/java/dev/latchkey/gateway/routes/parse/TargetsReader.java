package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import dev.latchkey.gateway.routes.upstream.TargetsRule;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the backends of a route: one, a list, or a list with the rules of ejection and health checks. */
final class TargetsReader {

    private static final Set<String> KEYS = Set.of("targets", "consecutive-failures", "ejection-time", "health-check");
    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
    private static final int MOST_TARGETS = 20;
    private static final int MOST_FAILURES = 100;

    private TargetsReader() {}

    /** The backends, or nothing if faults were reported. */
    static Optional<TargetsRule> read(FieldReader route) {
        return route.require("to", "write the backend's address, such as http://orders:8081")
                .flatMap(value -> rule(route, value));
    }

    private static Optional<TargetsRule> rule(FieldReader route, YamlNode value) {
        if (value instanceof Fields) {
            return route.fields("to", value, KEYS).flatMap(TargetsReader::detailed);
        }
        return value instanceof Items
                ? addresses(route, "to", value)
                        .map(backends -> rule(backends, Optional.empty(), Optional.empty(), Optional.empty()))
                : route.text("to", value)
                        .flatMap(text -> address(route, "to", text))
                        .map(TargetsRule::of);
    }

    private static Optional<TargetsRule> detailed(FieldReader to) {
        Optional<List<URI>> addresses =
                to.require("targets", "write a list of addresses").flatMap(value -> addresses(to, "targets", value));
        Optional<Integer> failures = Quantities.whole(to, "consecutive-failures", 1, MOST_FAILURES);
        Optional<Duration> ejectionTime = Quantities.duration(to, "ejection-time");
        Optional<HealthCheckRule> healthCheck = HealthCheckReader.read(to);
        return addresses.map(backends -> rule(backends, failures, ejectionTime, healthCheck));
    }

    private static TargetsRule rule(
            List<URI> addresses,
            Optional<Integer> failures,
            Optional<Duration> ejectionTime,
            Optional<HealthCheckRule> healthCheck) {
        return new TargetsRule(
                addresses,
                failures.orElse(TargetsRule.CONSECUTIVE_FAILURES),
                ejectionTime.orElse(TargetsRule.EJECTION_TIME),
                healthCheck);
    }

    private static Optional<List<URI>> addresses(FieldReader section, String name, YamlNode value) {
        Optional<List<Scalar>> texts = section.texts(name, value);
        if (texts.isPresent() && texts.get().size() > MOST_TARGETS) {
            return section.wrong(value, name + " must be a list of at most " + MOST_TARGETS + " addresses");
        }
        return texts.map(all -> all.stream()
                        .flatMap(text -> address(section, name, text).stream())
                        .toList())
                .filter(found -> !found.isEmpty());
    }

    private static Optional<URI> address(FieldReader section, String name, Scalar text) {
        try {
            return address(section, name, text, new URI(text.value()));
        } catch (URISyntaxException e) {
            return section.wrong(text, name + " is not a URL");
        }
    }

    private static Optional<URI> address(FieldReader section, String name, Scalar text, URI uri) {
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
            return section.wrong(text, name + " must begin with http://, https://, ws:// or wss://");
        }
        if (uri.getRawUserInfo() != null) {
            return section.wrong(text, name + " must hold no user name or password");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            return section.wrong(
                    text, name + " needs a host (letters, digits, '-' and '.') and, where it is given, a valid port");
        }
        boolean isBare = (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        return isBare
                ? Optional.of(URI.create(uri.getScheme() + "://" + uri.getRawAuthority()))
                : section.wrong(text, name + " must hold no path or query; the request's own is sent");
    }
}
