package dev.latchkey.gateway.routes.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrafficSplitTests {

    private static final int CLIENTS = 10_000;

    @ParameterizedTest
    @CsvSource({"0, 90, 100", "90, 100, 100", "0, 1, 2", "0, 0, 10", "0, 10, 10", "250, 1000, 2000"})
    void takesWhenManyClientsThenInProportion(int from, int until, int whole) {
        TrafficSplit split = new TrafficSplit(17, from, until, whole);
        long expected = (long) CLIENTS * (until - from) / whole;

        assertThat(taken(split)).isBetween(expected - expected / 10, expected + expected / 10);
    }

    @Test
    void takesWhenAPartGrowsThenItKeepsItsClients() {
        TrafficSplit small = new TrafficSplit(3, 95, 100, 100);
        TrafficSplit large = new TrafficSplit(3, 80, 100, 100);

        IntStream.range(0, CLIENTS)
                .filter(client -> takes(small, client))
                .forEach(client -> assertThat(takes(large, client)).isTrue());
    }

    @Test
    void takesWhenGroupsDifferThenOtherClientsComeFirst() {
        TrafficSplit one = new TrafficSplit(1, 0, 10, 100);
        TrafficSplit other = new TrafficSplit(2, 0, 10, 100);

        long both = IntStream.range(0, CLIENTS)
                .filter(client -> takes(one, client) && takes(other, client))
                .count();

        assertThat(both).isBetween(50L, 200L);
    }

    @Test
    void takesWhenNobodySaysWhoIsWhoThenAllAreOneClient() {
        TrafficSplit one = new TrafficSplit(1, 0, 50, 100);
        TrafficSplit other = new TrafficSplit(1, 50, 100, 100);

        assertThat(one.includes("")).isNotEqualTo(other.includes(""));
    }

    private static long taken(TrafficSplit split) {
        return IntStream.range(0, CLIENTS)
                .filter(client -> takes(split, client))
                .count();
    }

    private static boolean takes(TrafficSplit split, int client) {
        return split.includes("198.51.100." + client);
    }
}
