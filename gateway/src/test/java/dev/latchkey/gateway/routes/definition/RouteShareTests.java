package dev.latchkey.gateway.routes.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.pipeline.matching.ShareKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

final class RouteShareTests {

    private static final int CLIENTS = 10_000;

    @ParameterizedTest
    @CsvSource({"0, 90, 100", "90, 100, 100", "0, 1, 2", "0, 0, 10", "0, 10, 10", "250, 1000, 2000"})
    void takesWhenManyClientsThenInProportion(int from, int until, int whole) {
        RouteShare share = new RouteShare(17, from, until, whole);
        long expected = (long) CLIENTS * (until - from) / whole;

        assertThat(taken(share)).isBetween(expected - expected / 10, expected + expected / 10);
    }

    @Test
    void takesWhenAPartGrowsThenItKeepsItsClients() {
        RouteShare small = new RouteShare(3, 95, 100, 100);
        RouteShare large = new RouteShare(3, 80, 100, 100);

        IntStream.range(0, CLIENTS)
                .filter(it -> takes(small, it))
                .forEach(it -> assertThat(takes(large, it)).isTrue());
    }

    @Test
    void takesWhenGroupsDifferThenOtherClientsComeFirst() {
        RouteShare one = new RouteShare(1, 0, 10, 100);
        RouteShare other = new RouteShare(2, 0, 10, 100);

        long both = IntStream.range(0, CLIENTS)
                .filter(it -> takes(one, it) && takes(other, it))
                .count();

        assertThat(both).isBetween(50L, 200L);
    }

    @Test
    void takesWhenNobodySaysWhoIsWhoThenAllAreOneClient() {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        RouteShare one = new RouteShare(1, 0, 50, 100);
        RouteShare other = new RouteShare(1, 50, 100, 100);

        assertThat(one.takes(exchange)).isNotEqualTo(other.takes(exchange));
    }

    private static long taken(RouteShare share) {
        return IntStream.range(0, CLIENTS).filter(it -> takes(share, it)).count();
    }

    private static boolean takes(RouteShare share, int client) {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        ShareKey key = request -> "198.51.100." + client;
        key.keepIn(exchange);
        return share.takes(exchange);
    }
}
