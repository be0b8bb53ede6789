package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.paths.PercentEncoding;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Under which address a client sent its request, as trusted proxies and the request itself say. */
@Component
public final class RequestAddress {

    private final ForwardedHeaders forwarded;
    private final ForwardedPrefix prefixes;

    RequestAddress(ForwardedHeaders forwarded, ForwardedPrefix prefixes) {
        this.forwarded = forwarded;
        this.prefixes = prefixes;
    }

    /**
     * Whether a client that wrote this absolute URI meant this request: scheme, host, port and path are equal after
     * normalization (RFC 3986 sections 6.2.2 and 6.2.3); query and fragment do not matter (RFC 9449 section 4.3). Dot
     * segments are equal to nothing.
     */
    public boolean isMeant(String uri, RequestHead request) {
        return parsed(uri)
                .filter(meant -> meant.getScheme() != null && meant.getRawAuthority() != null)
                .filter(meant -> origin(meant).equals(forwarded.origin(request)))
                .filter(meant ->
                        normalized(meant.getRawPath()).equals(normalized(prefixes.of(request) + request.path())))
                .isPresent();
    }

    /**
     * By which of these origins the client came, of which there is at least one: the one that trusted proxies and the
     * request say, or else the one of that host and port, as behind a proxy that does not say that it ends TLS, or else
     * of that host, or else the first.
     */
    public String origin(List<String> origins, RequestHead head) {
        String said = Objects.requireNonNullElse(forwarded.origin(head), "");
        Optional<URI> request = parsed(said);
        String host = request.map(URI::getHost).orElse("");
        int port = request.map(URI::getPort).orElse(-1);
        return first(origins, origin -> origin(origin).equals(said))
                .or(() -> first(origins, origin -> origin.getHost().equals(host) && origin.getPort() == port))
                .or(() -> first(origins, origin -> origin.getHost().equals(host)))
                .orElse(origins.get(0));
    }

    private static Optional<String> first(List<String> origins, Predicate<URI> isMeant) {
        return origins.stream()
                .filter(origin -> isMeant.test(URI.create(origin)))
                .findFirst();
    }

    /**
     * By the whole authority: to the platform, a name with an underscore is no host, and what has a user is none here.
     */
    private static String origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String authority = uri.getRawAuthority().toLowerCase(Locale.ROOT);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        String port = hasPort ? authority.substring(colon + 1) : "";
        String usual = scheme.equals("https") ? "443" : "80";
        return scheme + "://" + host + ":" + (port.isEmpty() ? usual : port);
    }

    private static Optional<URI> parsed(String uri) {
        try {
            return Optional.of(new URI(uri));
        } catch (URISyntaxException none) {
            return Optional.empty();
        }
    }

    /** Escapes in capitals, none where the character needs none; an empty path is the root. */
    private static String normalized(String path) {
        if (path.indexOf('%') < 0) {
            return path.isEmpty() ? "/" : path;
        }
        StringBuilder normal = new StringBuilder(path.length());
        for (int at = 0; at < path.length(); at++) {
            int value = path.charAt(at) == '%' ? PercentEncoding.byteAt(path, at) : -1;
            if (value < 0) {
                normal.append(path.charAt(at));
            } else if (PercentEncoding.isUnreserved(value)) {
                normal.append((char) value);
            } else {
                PercentEncoding.append(normal, value);
            }
            at += value < 0 ? 0 : 2;
        }
        return normal.toString();
    }
}
