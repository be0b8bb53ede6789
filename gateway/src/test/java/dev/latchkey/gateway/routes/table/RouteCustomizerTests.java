package dev.latchkey.gateway.routes.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a route gets from its file, and that every amount has the default that the table of the file states. */
final class RouteCustomizerTests {

    @Test
    void readWhenNothingIsWrittenThenNothingIsOn() {
        RouteEntry route = route("");

        assertThat(route.to().addresses()).containsExactly(URI.create("http://a"));
        assertThat(route.settings().retries().isOn()).isFalse();
        assertThat(route.settings().circuitBreaker()).isEmpty();
        assertThat(route.settings().timeout()).isEmpty();
        assertThat(route.settings().connectTimeout()).isEmpty();
        assertThat(route.settings().limits().body()).isEmpty();
        assertThat(route.settings().limits().rate()).isEmpty();
        assertThat(route.settings().cors()).isEmpty();
        assertThat(route.settings().securityHeaders().values()).isEmpty();
    }

    @Test
    void readWhenOnlyWhatMustBeIsWrittenThenTheStatedDefaults() {
        RouteEntry route = route("""
                    retries: { count: 2 }
                    circuit-breaker: {}
                    limits: { body: 10MB, rate: { requests: 100, per: 1m, key: subject } }
                    cors: { origins: ["https://a.example"] }
                """);

        assertThat(route.to().consecutiveFailures()).isEqualTo(3);
        assertThat(route.to().ejectionTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(route.settings().retries().toString())
                .contains("count=2", "backoff=PT0.05S", "attemptTimeout=Optional.empty")
                .contains("CONNECT", "BAD_GATEWAY", "UNAVAILABLE", "TIMEOUT");
        assertThat(route.settings().circuitBreaker().orElseThrow().statuses()).isEqualTo(Set.of(502, 503, 504));
        assertThat(route.settings().circuitBreaker().orElseThrow().toString())
                .contains("failureRate=50", "slowRate=100", "slowAfter=PT1M", "window=100", "minimumCalls=20")
                .contains("openFor=PT30S", "halfOpenCalls=5");
        assertThat(route.settings().limits().body()).isEqualTo(Optional.of(10L << 20));
        assertThat(route.settings().limits().rate().orElseThrow().toString())
                .contains("requests=100", "per=PT1M", "burst=100", "key=SUBJECT", "onRedisOutage=DENY");
        assertThat(route.settings().cors().orElseThrow().methods()).isEqualTo(Set.of("GET", "HEAD", "POST"));
        assertThat(route.settings().cors().orElseThrow().headers()).isEmpty();
        assertThat(route.settings().cors().orElseThrow().credentials()).isFalse();
        assertThat(route.settings().cors().orElseThrow().maxAge()).isEqualTo(Duration.ofMinutes(10));
    }

    private static RouteEntry route(String rest) {
        String file = """
                version: 1
                routes:
                  - id: a
                    match: { path: /a }
                    to: http://a
                    entry: { access: public }
                """ + rest;
        return TestRoutes.read(file).routes().get(0);
    }
}
