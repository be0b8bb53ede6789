package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.token.EndpointPaths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves the public identity keys to backends (RFC 7517 section 5). */
final class JwksEndpoint {

    /** Half the time that a new key waits before it signs, so that no copy lacks the key of a token. */
    static final Duration MAX_AGE = KeyDirectory.ACTIVATION_DELAY.dividedBy(2);

    private final Supplier<KeySets> keys;
    private final InstantSource clock;

    JwksEndpoint(Supplier<KeySets> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** All methods, so that no request to this path reaches a backend. */
    RouterFunction<ServerResponse> route() {
        return RouterFunctions.route(RequestPredicates.path(EndpointPaths.JWKS), this::answer);
    }

    private Mono<ServerResponse> answer(ServerRequest request) {
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        return reads ? keys(request) : notAllowed();
    }

    private Mono<ServerResponse> keys(ServerRequest request) {
        String body = document();
        String etag = "\"" + Sha256.base64Url(body) + "\"";
        return request.checkNotModified(etag)
                .switchIfEmpty(Mono.defer(() -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.maxAge(MAX_AGE).cachePublic())
                        .eTag(etag)
                        .bodyValue(body)));
    }

    private static Mono<ServerResponse> notAllowed() {
        return ServerResponse.status(HttpStatus.METHOD_NOT_ALLOWED)
                .allow(HttpMethod.GET, HttpMethod.HEAD)
                .build();
    }

    private String document() {
        return keys.get().published(clock.instant()).stream()
                .map(key -> key.key().publicJwk())
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }
}
