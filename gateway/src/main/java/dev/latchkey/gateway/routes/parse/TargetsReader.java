package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.upstream.DnsLookup;
import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import dev.latchkey.gateway.routes.upstream.TargetsRule;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the backends of a route: one, a list, or a list or a name with the rules of ejection and health checks. */
final class TargetsReader {

    private static final Set<String> KEYS =
            Set.of("targets", "dns", "service", "consecutive-failures", "ejection-time", "health-check");
    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
    private static final int MOST_TARGETS = 20;
    private static final int MOST_FAILURES = 100;

    /** As RFC 6335 section 5.1 asks for, but longer, because registries of services allow it. */
    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,60}[A-Za-z0-9])?");

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
                ? addresses(route, "to", value).map(TargetsRule::of)
                : route.text("to", value)
                        .flatMap(text -> address(route, "to", text))
                        .map(address -> TargetsRule.of(List.of(address)));
    }

    private static Optional<TargetsRule> detailed(FieldReader to) {
        Optional<TargetsRule> backends = backends(to);
        Optional<Integer> failures = Quantities.whole(to, "consecutive-failures", 1, MOST_FAILURES);
        Optional<Duration> ejectionTime = Quantities.duration(to, "ejection-time");
        Optional<HealthCheckRule> healthCheck = HealthCheckReader.read(to);
        return backends.map(rule -> new TargetsRule(
                rule.addresses(),
                rule.lookup(),
                failures.orElse(TargetsRule.CONSECUTIVE_FAILURES),
                ejectionTime.orElse(TargetsRule.EJECTION_TIME),
                healthCheck));
    }

    private static Optional<TargetsRule> backends(FieldReader to) {
        Optional<YamlNode> dns = to.find("dns");
        if (dns.isPresent()) {
            return to.find("targets")
                    .<Optional<TargetsRule>>map(value -> to.wrong(value, "targets cannot be combined with dns"))
                    .orElseGet(() -> named(to, dns.get()).map(TargetsRule::of));
        }
        to.find("service").ifPresent(value -> to.wrong(value, "service has no meaning without dns"));
        return to.require("targets", "write a list of addresses, or a name with dns")
                .flatMap(value -> addresses(to, "targets", value))
                .map(TargetsRule::of);
    }

    private static Optional<DnsLookup> named(FieldReader to, YamlNode value) {
        Optional<URI> url = to.text("dns", value).flatMap(text -> address(to, "dns", text));
        Optional<YamlNode> service = to.find("service");
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (NetUtil.createByteArrayFromIpAddressString(url.get().getHost().replaceAll("[\\[\\]]", "")) != null) {
            return to.wrong(value, "dns needs a name; an address stands in targets");
        }
        if (service.isEmpty()) {
            return url.map(found -> new DnsLookup(found, Optional.empty()));
        }
        return url.get().getPort() >= 0
                ? to.wrong(value, "dns must hold no port beside service, whose records say it")
                : to.text("service", service.get())
                        .flatMap(text -> service(to, text))
                        .map(name -> new DnsLookup(url.get(), Optional.of(name)));
    }

    private static Optional<String> service(FieldReader to, Scalar text) {
        return SERVICE.matcher(text.value()).matches()
                ? Optional.of(text.value())
                : to.wrong(text, "service must be a name of letters, digits and '-', such as http for _http._tcp");
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
