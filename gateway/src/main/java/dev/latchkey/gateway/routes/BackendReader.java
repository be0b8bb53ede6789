package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.YamlNode.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where a route leads to and how the request is changed on the way. */
final class BackendReader {

    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
    private static final Set<String> REWRITE_KEYS = Set.of("strip-prefix");
    private static final int MOST_SEGMENTS = 20;
    private static final Pattern TIMEOUT = Pattern.compile("([1-9][0-9]{0,6})(ms|s|m)");
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Scheme, host and port. */
    Optional<URI> to(FieldReader route) {
        return route.require("to", "write the backend's address, such as http://orders:8081")
                .flatMap(it -> route.text("to", it))
                .flatMap(it -> address(route, it));
    }

    private static Optional<URI> address(FieldReader route, Scalar text) {
        try {
            return address(route, text, new URI(text.value()));
        } catch (URISyntaxException e) {
            return route.wrong(text, "to is no URL");
        }
    }

    private static Optional<URI> address(FieldReader route, Scalar text, URI uri) {
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
            return route.wrong(text, "to must begin with http://, https://, ws:// or wss://");
        }
        if (uri.getRawUserInfo() != null) {
            return route.wrong(text, "to must hold no user name or password");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            return route.wrong(
                    text, "to needs a host (letters, digits, '-' and '.') and, where it is given, a valid port");
        }
        boolean isBare = (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        return isBare
                ? Optional.of(URI.create(uri.getScheme() + "://" + uri.getRawAuthority()))
                : route.wrong(text, "to must hold no path or query; the request's own is sent");
    }

    /** How many leading segments are cut off; none unless written. */
    int stripPrefix(FieldReader route) {
        return route.find("rewrite")
                .flatMap(it -> route.fields("rewrite", it, REWRITE_KEYS))
                .flatMap(rewrite ->
                        rewrite.find("strip-prefix").flatMap(it -> rewrite.number("strip-prefix", it, MOST_SEGMENTS)))
                .orElse(0);
    }

    /** How long the backend may take to begin its answer. */
    Optional<Duration> timeout(FieldReader route) {
        return route.find("timeout").flatMap(it -> timeout(route, it));
    }

    private static Optional<Duration> timeout(FieldReader route, YamlNode value) {
        Matcher parts = TIMEOUT.matcher(value instanceof Scalar scalar ? scalar.value() : "");
        Optional<Duration> timeout = parts.matches()
                ? Optional.of(duration(Long.parseLong(parts.group(1)), parts.group(2)))
                : Optional.empty();
        return timeout.filter(it -> it.compareTo(LONGEST) <= 0)
                .or(() -> route.wrong(value, "timeout must be a duration such as 500ms, 5s or 2m, at most 60m"));
    }

    private static Duration duration(long amount, String unit) {
        if (unit.equals("ms")) {
            return Duration.ofMillis(amount);
        }
        return unit.equals("s") ? Duration.ofSeconds(amount) : Duration.ofMinutes(amount);
    }
}
