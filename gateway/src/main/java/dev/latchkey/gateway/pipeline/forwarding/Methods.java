package dev.latchkey.gateway.pipeline.forwarding;

import java.util.List;
import java.util.Set;

/** The methods that routes can name. A route that names none forwards any method but TRACE, TRACK and CONNECT. */
public final class Methods {

    /** In the order in which an answer names them. */
    public static final List<String> ALL = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** The value of {@code Allow} where a method is refused before there is a route (RFC 9110 section 10.2.1). */
    public static final String ALLOW = String.join(", ", ALL);

    /** TRACE and TRACK echo a request with its cookies, CONNECT opens a tunnel; no route may allow them. */
    public static final Set<String> NEVER = Set.of("TRACE", "TRACK", "CONNECT");

    private Methods() {}
}
