package dev.latchkey.gateway.http.spring;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.Peer;
import dev.latchkey.gateway.http.RequestHead;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The head of a request of Spring's. */
public record SpringRequestHead(ServerHttpRequest request) implements RequestHead {

    @Override
    public String method() {
        return request.getMethod().name();
    }

    @Override
    public String path() {
        return request.getURI().getRawPath();
    }

    @Override
    public @Nullable String query() {
        return request.getURI().getRawQuery();
    }

    @Override
    public HeaderFields fields() {
        return new SpringHeaderFields(request.getHeaders());
    }

    @Override
    public Optional<Peer> peer() {
        return Optional.ofNullable(request.getRemoteAddress())
                .map(InetSocketAddress::getAddress)
                .map(Peer::of);
    }

    @Override
    public boolean isSecure() {
        return "https".equals(request.getURI().getScheme());
    }
}
