package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/** Address and device of a client that signs in, as its user will see them in the list of their sessions. */
@Component
public final class RequestingClient {

    private final ClientAddress addresses;

    RequestingClient(ClientAddress addresses) {
        this.addresses = addresses;
    }

    /** What is kept of the client of a request. */
    public ClientFacts of(ServerHttpRequest request) {
        return of(request, Optional.empty());
    }

    /**
     * What is kept of a client that has a key, if there is one.
     *
     * @param key that it proved to hold
     */
    public ClientFacts of(ServerHttpRequest request, Optional<KeyThumbprint> key) {
        String userAgent = request.getHeaders().getFirst(HttpHeaders.USER_AGENT);
        return new ClientFacts(
                UserAgentLabel.describe(userAgent == null ? "" : userAgent),
                addresses.of(new SpringRequestHead(request)),
                key);
    }
}
