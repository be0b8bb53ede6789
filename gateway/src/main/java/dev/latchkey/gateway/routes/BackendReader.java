package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.YamlNode.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/** Reads where a route leads to. */
final class BackendReader {

    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

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
}
