package dev.latchkey.gateway.pipeline.forwarding;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/**
 * The headers that a client's {@code Connection} takes away, as it may for its own hop (RFC 9110 section 7.6.1). It may
 * not name what is meant for all recipients: by {@code Connection: Content-Length} a body would become the next
 * request.
 *
 * @param names in lower case
 */
record ConnectionOptions(Set<String> names) {

    private static final Set<String> FOR_ALL = Set.of(
            "authorization",
            "content-encoding",
            "content-length",
            "content-type",
            "cookie",
            "host",
            "origin",
            "transfer-encoding",
            "upgrade");

    static ConnectionOptions of(HttpHeaders headers) {
        return new ConnectionOptions(headers.getConnection().stream()
                .map(it -> it.toLowerCase(Locale.ROOT))
                .filter(it -> !FOR_ALL.contains(it))
                .collect(Collectors.toSet()));
    }

    /** Whether the header goes no further than here. */
    boolean end(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return folded.equals("connection") || folded.equals("proxy-connection") || names.contains(folded);
    }
}
