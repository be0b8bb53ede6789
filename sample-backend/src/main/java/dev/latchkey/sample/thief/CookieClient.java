package dev.latchkey.sample.thief;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A client of the gateway with cookies of its own, which it keeps as a browser does. */
final class CookieClient {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String gateway;
    private final WebClient http;
    private final InstantSource clock;
    private final Map<String, Kept> cookies = new ConcurrentHashMap<>();

    /**
     * @param gateway its address, such as {@code http://127.0.0.1:8080}
     * @param userAgent by what name this client goes
     */
    CookieClient(String gateway, String userAgent, InstantSource clock) {
        this.gateway = gateway;
        this.clock = clock;
        this.http = WebClient.builder()
                .baseUrl(gateway)
                .defaultHeader(HttpHeaders.USER_AGENT, userAgent)
                .defaultHeader(HttpHeaders.ACCEPT, "application/json")
                .build();
    }

    /** Another client with the same cookies; a copy does not say when they end. */
    CookieClient copiedBy(String userAgent) {
        CookieClient copy = new CookieClient(gateway, userAgent, clock);
        valid().forEach(copy::put);
        return copy;
    }

    void put(String name, String value) {
        cookies.put(name, new Kept(value, Instant.MAX));
    }

    boolean has(String name) {
        return valid().containsKey(name);
    }

    /** In alphabetical order. */
    Set<String> names() {
        return new TreeSet<>(valid().keySet());
    }

    Mono<ResponseEntity<JsonNode>> get(String path) {
        return sent(http.method(HttpMethod.GET).uri(path));
    }

    /** @param headers to send besides the cookies */
    Mono<ResponseEntity<JsonNode>> post(String path, Map<String, String> headers) {
        return sent(http.post().uri(path).headers(all -> headers.forEach(all::set)));
    }

    Mono<ResponseEntity<JsonNode>> postJson(String path, Object json) {
        return sent(http.post().uri(path).bodyValue(json));
    }

    /** A gateway that does not answer is a 502. */
    private Mono<ResponseEntity<JsonNode>> sent(WebClient.RequestHeadersSpec<?> request) {
        return request.cookies(all -> valid().forEach(all::set))
                .exchangeToMono(this::keep)
                .timeout(LIMIT)
                .onErrorMap(failure -> new ResponseStatusException(
                        HttpStatus.BAD_GATEWAY, "The gateway did not answer as it should", failure));
    }

    private Mono<ResponseEntity<JsonNode>> keep(ClientResponse response) {
        response.cookies().values().forEach(same -> same.forEach(this::keep));
        return response.toEntity(JsonNode.class);
    }

    private void keep(ResponseCookie cookie) {
        boolean isSession = cookie.getMaxAge().isNegative();
        cookies.put(
                cookie.getName(),
                new Kept(
                        cookie.getValue(),
                        isSession ? Instant.MAX : clock.instant().plus(cookie.getMaxAge())));
    }

    private Map<String, String> valid() {
        Instant now = clock.instant();
        cookies.values().removeIf(cookie -> !cookie.end().isAfter(now));
        Map<String, String> valid = new HashMap<>();
        cookies.forEach((name, cookie) -> valid.put(name, cookie.value()));
        return valid;
    }

    private record Kept(String value, Instant end) {

        /** Values open sessions. */
        @Override
        public String toString() {
            return "Kept";
        }
    }
}
