package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.keys.GatewayTokenRecognizer;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/** Whether the {@code Authorization} of a request to a public route is somebody else's, so that it may pass. */
@Component
final class ForeignAuthorization {

    private final GatewayTokenRecognizer recognizer;

    ForeignAuthorization(GatewayTokenRecognizer recognizer) {
        this.recognizer = recognizer;
    }

    /** Ours anywhere in the header keeps it back, whatever the scheme is called. */
    boolean isForeign(ServerHttpRequest request) {
        List<String> values = request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
        return values.stream().noneMatch(this::holdsOurs);
    }

    private boolean holdsOurs(String authorization) {
        String token = authorization.substring(authorization.lastIndexOf(' ') + 1);
        return recognizer.isOurs(token);
    }
}
