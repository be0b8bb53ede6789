package dev.latchkey.gateway.origin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Configured origins in the one spelling that browsers send (RFC 6454 section 6.1), so that equality is enough. */
public final class Origin {

    private Origin() {}

    /** All origins of a property, serialized; fails with a message that names the property. */
    public static Set<String> parseAll(String property, List<String> origins) {
        return origins.stream().map(origin -> parse(property, origin)).collect(Collectors.toUnmodifiableSet());
    }

    private static String parse(String property, String text) {
        return parse(text).orElseThrow(() -> malformed(property, text));
    }

    /** One origin, serialized; empty if the text is not an origin. */
    public static Optional<String> parse(String text) {
        return uri(text.strip()).flatMap(Origin::serialized);
    }

    private static Optional<String> serialized(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean isWeb = scheme.equals("http") || scheme.equals("https");
        boolean isBare = uri.getRawPath() != null
                && uri.getRawPath().isEmpty()
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null;
        if (!isWeb || !isBare || uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            return Optional.empty();
        }
        return Optional.of(serialize(scheme, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort()));
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String serialize(String scheme, String host, int port) {
        boolean isDefault = port == -1 || port == (scheme.equals("https") ? 443 : 80);
        return scheme + "://" + host + (isDefault ? "" : ":" + port);
    }

    private static IllegalArgumentException malformed(String property, String text) {
        return new IllegalArgumentException(property + " holds '" + text + "', which is not an origin: write"
                + " http:// or https://, a host in ASCII, and a port where it is not the usual one; no path, no"
                + " slash at the end, no wildcard");
    }
}
