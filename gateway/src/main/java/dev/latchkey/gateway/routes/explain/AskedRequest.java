package dev.latchkey.gateway.routes.explain;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;

/**
 * A request to explain, with its path and query as they would be sent.
 *
 * @param path still encoded
 * @param query with its question mark, or empty
 */
public record AskedRequest(String method, String host, String path, String query, HttpHeaders headers) {

    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern URL = Pattern.compile("(?:[a-z]+://([^/?#\\s]+))?(/[^?#\\s]*)?(\\?[^#\\s]*)?");

    /**
     * Parses what was typed, and corrects nothing.
     *
     * @param url with scheme and host, or a path alone
     * @throws IllegalArgumentException with a clause that says what is wrong
     */
    public static AskedRequest parse(String method, String url, HttpHeaders headers) {
        Matcher parts = URL.matcher(url);
        Assert.isTrue(METHOD.matcher(method).matches(), "the method must be written like GET");
        Assert.isTrue(
                !url.isEmpty() && parts.matches(), "the URL must be like https://shop.example/path?query or /path");
        String host = Optional.ofNullable(parts.group(1))
                .or(() -> Optional.ofNullable(headers.getFirst(HttpHeaders.HOST)))
                .orElse("localhost");
        String path = Optional.ofNullable(parts.group(2)).orElse("/");
        String query = Optional.ofNullable(parts.group(3)).orElse("");
        return new AskedRequest(method, host, path, query, headers);
    }

    /** Without its question mark; null if there is none. */
    @Nullable
    String rawQuery() {
        return query.isEmpty() ? null : query.substring(1);
    }

    AskedRequest with(String otherPath) {
        return new AskedRequest(method, host, otherPath, query, headers);
    }

    /** Encoded as the gateway encodes what browsers send raw; nothing if it does not accept it as a request. */
    Optional<Probe> probe() {
        HttpHeaders sent = new HttpHeaders();
        sent.addAll(headers);
        sent.set(HttpHeaders.HOST, host);
        return RawTarget.encoded(path + query)
                .flatMap(target -> uri("http://" + host + target))
                .map(uri -> new Probe(method, uri, new SpringHeaderFields(sent)));
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException none) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return method + " " + host + path + query;
    }
}
