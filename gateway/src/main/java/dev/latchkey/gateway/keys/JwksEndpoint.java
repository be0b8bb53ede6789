package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Issuer.Discovery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the public identity keys to backends (RFC 7517 section 5) and, where the issuer is an address, the metadata
 * that lead to them, so that a library needs to know nothing but the issuer.
 */
final class JwksEndpoint {

    /** Half the time that a new key waits before it signs, so that no copy lacks the key of a token. */
    static final Duration MAX_AGE = KeyDirectory.ACTIVATION_DELAY.dividedBy(2);

    /** Sent with a 304, too (RFC 9110 section 15.4.5). */
    private static final CacheControl CACHED = CacheControl.maxAge(MAX_AGE).cachePublic();

    private static final JsonMapper JSON = new JsonMapper();

    private final Supplier<KeySets> keys;
    private final Issuer issuer;
    private final Discovery paths;
    private final InstantSource clock;

    JwksEndpoint(Supplier<KeySets> keys, Issuer issuer, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.paths = Discovery.of(issuer);
        this.clock = clock;
    }

    /** All methods, so that no request to these paths reaches a backend. */
    RouterFunction<ServerResponse> route() {
        RouterFunctions.Builder routes = RouterFunctions.route()
                .route(RequestPredicates.path(EndpointPaths.JWKS), request -> answer(request, this::keys));
        paths.keys()
                .forEach(path -> routes.route(RequestPredicates.path(path), request -> answer(request, this::keys)));
        paths.metadata()
                .forEach(
                        path -> routes.route(RequestPredicates.path(path), request -> answer(request, this::metadata)));
        return routes.build();
    }

    private static Mono<ServerResponse> answer(ServerRequest request, Supplier<String> document) {
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        return reads ? document(request, document.get()) : notAllowed();
    }

    private static Mono<ServerResponse> document(ServerRequest request, String body) {
        String etag = "\"" + Sha256.base64Url(body) + "\"";
        request.exchange().getResponse().getHeaders().setCacheControl(CACHED);
        return request.checkNotModified(etag)
                .switchIfEmpty(Mono.defer(() -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .eTag(etag)
                        .bodyValue(body)));
    }

    private static Mono<ServerResponse> notAllowed() {
        return ServerResponse.status(HttpStatus.METHOD_NOT_ALLOWED)
                .allow(HttpMethod.GET, HttpMethod.HEAD)
                .build();
    }

    /** The JWK set (RFC 7517 section 5). */
    private String keys() {
        return published().stream()
                .map(key -> key.key().publicJwk())
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    /**
     * OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2, without the addresses that only a server for
     * clients has: nobody asks this one for tokens.
     */
    private String metadata() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("issuer", issuer.value());
        members.put("jwks_uri", paths.keysAddress());
        members.put("response_types_supported", List.of("none"));
        members.put("subject_types_supported", List.of("public"));
        members.put(
                "id_token_signing_alg_values_supported",
                published().stream()
                        .map(key -> key.key().algorithm().name())
                        .distinct()
                        .toList());
        members.put(
                "claims_supported",
                List.of(
                        "iss",
                        "aud",
                        "sub",
                        "sid",
                        TokenClaims.ROLES,
                        TokenClaims.NAME,
                        TokenClaims.EMAIL,
                        TokenClaims.CALLER_KEY,
                        "iat",
                        "exp"));
        return JSON.writeValueAsString(members);
    }

    private List<TimedKey<IdentityKey>> published() {
        return keys.get().published(clock.instant());
    }
}
