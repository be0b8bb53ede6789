package dev.latchkey.gateway.routes.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.util.MultiValueMap;

/** A query says to routes what it says to Spring. */
final class QueryParametersTests {

    private static final List<String> PIECES = List.of(
            "&", "&", "=", "=", "a", "b", "ab", "+", "%20", "%3D", "%26", "%61", "%C3%A9", "%FF", ";", "?", "/", "%2B");
    private static final List<String> NAMES = List.of("a", "b", "ab", "a b", " ", "", "=", "&", "\u00e9", "aa", "?");

    static Stream<Integer> seeds() {
        return IntStream.range(0, 20).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void valuesWhenQueryIsRandomThenAsSpring(int seed) {
        Random random = new Random(seed);
        int found = 0;
        for (int count = 0; count < 500; count++) {
            String query = query(random);
            MultiValueMap<String, String> spring = MockServerHttpRequest.method(
                            HttpMethod.GET, URI.create("http://h/?" + query))
                    .build()
                    .getQueryParams();
            for (String name : NAMES) {
                List<String> values = QueryParameters.values(query, name);
                assertThat(values).as("%s in %s", name, query).isEqualTo(values(spring, name));
                found += values.size();
            }
        }

        assertThat(found).isGreaterThan(60);
    }

    @Test
    void valuesWhenThereIsNoQueryThenNone() {
        assertThat(QueryParameters.values(null, "a")).isEmpty();
        assertThat(QueryParameters.values("", "")).isEmpty();
    }

    private static List<String> values(MultiValueMap<String, String> spring, String name) {
        return spring.getOrDefault(name, List.of()).stream()
                .map(value -> value == null ? "" : value)
                .toList();
    }

    private static String query(Random random) {
        StringBuilder query = new StringBuilder();
        for (int piece = random.nextInt(9); piece > 0; piece--) {
            query.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return query.toString();
    }
}
