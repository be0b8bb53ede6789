package dev.latchkey.gateway.routes.explain;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.Peer;
import dev.latchkey.gateway.http.RequestHead;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A made-up request, to ask which route matches it. */
public record Probe(String method, URI uri, HeaderFields fields) implements RequestHead {

    @Override
    public String path() {
        return uri.getRawPath();
    }

    @Override
    public @Nullable String query() {
        return uri.getRawQuery();
    }

    @Override
    public Optional<Peer> peer() {
        return Optional.empty();
    }

    @Override
    public boolean isSecure() {
        return false;
    }
}
