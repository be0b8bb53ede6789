package dev.latchkey.gateway.routes.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.TrafficSplit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which part of its group a route gets. */
final class WeightedGroupsTests {

    /** Another salt would send users to the other side of a canary when a node is upgraded. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                | -1923220600",
                "host: shop.example,             | 13032793",
                "host: [shop.example],           | 13032793",
                "host: [shop.example, a.example], | -303246786",
                "host: [a.example, shop.example], | -303246786"
            })
    void assignWhenTheMatchIsTheSameThenItsSaltIsTheSameInEveryVersion(String hosts, int salt) {
        String file = """
                version: 1
                routes:
                  - { id: old, match: { HOSTS path: /split, weight: 60 }, to: "http://a", entry: { access: public } }
                  - { id: new, match: { HOSTS path: /split, weight: 40 }, to: "http://b", entry: { access: public } }
                """.replace("HOSTS", hosts == null ? "" : hosts);

        assertThat(TestRoutes.read(file).routes())
                .extracting(route -> route.match().split().orElseThrow())
                .containsExactly(new TrafficSplit(salt, 0, 60, 100), new TrafficSplit(salt, 60, 100, 100));
    }
}
