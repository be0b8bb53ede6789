package dev.latchkey.gateway.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The head of a request, whichever library read it. Its target is in origin form (RFC 9112 section 3.2.1). */
public interface RequestHead {

    String method();

    /** Still encoded. */
    String path();

    /** Still encoded, without the question mark; null if there is none. */
    @Nullable
    String query();

    HeaderFields fields();

    /** Empty unless it is an IP connection. */
    Optional<Peer> peer();

    /** Whether the connection uses TLS. */
    boolean isSecure();
}
