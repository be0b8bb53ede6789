package dev.latchkey.gateway.pipeline.forwarding;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The methods that routes can name. One that names none forwards others, too, but no TRACE, TRACK or CONNECT. */
public final class Methods {

    /** The key under which a route's metadata hold the {@link #allow} of the methods that it names. */
    public static final String ALLOW_KEY = "latchkey.allow";

    /** In the order in which an answer names them. */
    public static final List<String> ALL = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** The value of {@code Allow} where no route says it (RFC 9110 section 10.2.1). */
    public static final String ALLOW = String.join(", ", ALL);

    private Methods() {}

    /** The value of {@code Allow} for these. */
    public static String allow(Set<String> named) {
        return ALL.stream().filter(named::contains).collect(Collectors.joining(", "));
    }
}
