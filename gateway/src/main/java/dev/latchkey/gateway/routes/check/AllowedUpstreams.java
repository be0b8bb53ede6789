package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.pipeline.backend.Endpoints;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The upstreams that operations allow.
 *
 * @param allowed schemes and hosts; none: anywhere
 */
public record AllowedUpstreams(List<Upstream> allowed) {

    public static final AllowedUpstreams ANY = new AllowedUpstreams(List.of());

    private static final Pattern FORM = Pattern.compile(
            "(?:(https?|wss?)://)?((?:\\*\\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])"
                    + "(?::([1-9][0-9]{0,4}))?");

    public AllowedUpstreams {
        allowed = List.copyOf(allowed);
    }

    /** Parses texts such as {@code https://*.svc.example} or {@code orders:8081}; an omitted part may be anything. */
    public static AllowedUpstreams of(List<String> texts) {
        return new AllowedUpstreams(
                texts.stream().map(AllowedUpstreams::upstream).toList());
    }

    private static Upstream upstream(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("latchkey.routes.allowed-upstreams holds '" + text
                    + "'; write scheme, host and port, such as https://*.svc.example or orders:8081");
        }
        return new Upstream(
                Optional.ofNullable(parts.group(1)),
                HostPattern.of(parts.group(2)),
                Optional.ofNullable(parts.group(3)).map(Integer::valueOf));
    }

    boolean allow(URI backend) {
        return allowed.isEmpty() || allowed.stream().anyMatch(upstream -> upstream.is(backend));
    }

    /** Whether a host is allowed with any port, because name servers say which. */
    boolean allowAllPorts(URI backend) {
        return allowed.isEmpty()
                || allowed.stream().anyMatch(upstream -> upstream.port().isEmpty() && upstream.is(backend));
    }

    /** One entry of the list. */
    record Upstream(Optional<String> scheme, HostPattern host, Optional<Integer> port) {

        boolean is(URI backend) {
            return scheme.map(backend.getScheme()::equals).orElse(true)
                    && host.matches(backend.getHost().toLowerCase(Locale.ROOT))
                    && port.map(number -> number == Endpoints.port(backend)).orElse(true);
        }
    }
}
