package dev.latchkey.gateway.http;

import java.net.InetAddress;
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

    /** The address at the other end of the connection: the client's, or a proxy's. */
    Optional<InetAddress> peer();

    /** Whether the connection uses TLS. */
    boolean isSecure();
}
