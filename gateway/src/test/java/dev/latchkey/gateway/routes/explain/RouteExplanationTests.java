package dev.latchkey.gateway.routes.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.explain.RouteExplanation.MatchingRoute;
import dev.latchkey.gateway.routes.table.RouteIndex;
import dev.latchkey.gateway.token.EndpointPaths;
import java.net.URI;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

/** What is said of a request is what the gateway does with it. */
final class RouteExplanationTests {

    private static final String SHOP = """
            version: 1
            routes:
              - { id: none, match: { path: /shop/**, weight: 0 }, to: "http://a", entry: { access: public } }
              - { id: one, match: { path: /shop/**, weight: 5 }, to: "http://a", entry: { access: public } }
              - { id: sale, match: { path: /shop/sale/** }, to: "http://b", entry: { access: public } }
              - { id: two, match: { path: /shop/**, weight: 5 }, to: "http://c", entry: { access: public } }
              - { id: rest, match: { path: /** }, to: "http://d", entry: { access: public } }
            """;

    private static final String CORS = """
            version: 1
            routes:
              - id: open
                match: { path: /open }
                to: http://a
                entry: { access: required }
                cors: { origins: [https://app.example], methods: [GET] }
              - { id: closed, match: { path: /closed }, to: "http://a", entry: { access: required } }
              - { id: public, match: { path: /public }, to: "http://a", entry: { access: public } }
            """;

    /** Whoever does not belong to the first of the group comes to the route between before the second. */
    @ParameterizedTest
    @CsvSource({"/shop/1, one two", "/shop/sale/1, one sale", "/other, rest"})
    void findWhenClientsAreDividedThenAllThatTakeTheRequestOfOne(String path, String ids) {
        RoutesFile file = TestRoutes.read(SHOP);
        List<RouteEntry> routes = file.routes();
        RouteIndex index = new RouteIndex(routes.stream().map(RouteEntry::match).toList());
        Probe request = new Probe("GET", URI.create("http://a" + path), new SpringHeaderFields(new HttpHeaders()));
        TreeSet<String> taken = IntStream.range(0, 100)
                .map(client -> index.find(new MatchContext(request, unused -> "client" + client))
                        .orElseThrow())
                .mapToObj(number -> routes.get(number).id())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(String.join(" ", taken)).isEqualTo(ids);
        assertThat(new RoutesMatcher(file).find(request)).map(RouteEntry::id).containsExactlyElementsOf(taken);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /open   | https://app.example | GET | 204, the route's cors allows this preflight
                    /open   | https://app.example | PUT | 403, the route allows no such preflight
                    /open   | https://b.example   | GET | 403, the route allows no such preflight
                    /closed | https://app.example | GET | 403, the route allows no such preflight
                    """)
    void ofWhenPreflightThenNoBackendIsAsked(String path, String origin, String method, String answer) {
        MatchingRoute route = preflight(path, origin, method);

        assertThat(route.answer().orElseThrow()).startsWith(answer);
        assertThat(route.backend()).isEmpty();
    }

    @Test
    void ofWhenPreflightOfAPublicRouteThenItsBackendIs() {
        MatchingRoute route = preflight("/public", "https://app.example", "GET");

        assertThat(route.answer()).isEmpty();
        assertThat(route.backend()).isPresent();
    }

    private static MatchingRoute preflight(String path, String origin, String method) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.ORIGIN, origin);
        headers.set(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, method);
        List<MatchingRoute> routes = explained(CORS, "OPTIONS", path, headers).routes();
        assertThat(routes).hasSize(1);
        return routes.get(0);
    }

    @ParameterizedTest
    @CsvSource({"TRACE", "TRACK", "CONNECT"})
    void ofWhenNoRouteMayAllowTheMethodThenRefused(String method) {
        RouteExplanation explanation = explained(SHOP, method, "/", new HttpHeaders());

        assertThat(explanation.answer()).contains("405, no route takes this method");
        assertThat(explanation.routes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/%2573hop/1", "/%2561uth/sign-in"})
    void ofWhenDecodedAgainThePathLeadsElsewhereThenRefused(String path) {
        RouteExplanation explanation = explained(SHOP, "GET", path, new HttpHeaders());

        assertThat(explanation.answer()).contains("400, the path can be read in more than one way");
        assertThat(explanation.routes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/shop/%2561", "/shop/100%25"})
    void ofWhenDecodedAgainThePathIsOfTheSameRouteThenThatOne(String path) {
        assertThat(explained(SHOP, "GET", path, new HttpHeaders()).routes()).isNotEmpty();
    }

    private static RouteExplanation explained(String file, String method, String url, HttpHeaders headers) {
        return RouteExplanation.of(
                TestRoutes.read(file), EndpointPaths.DEFAULT, AskedRequest.parse(method, url, headers));
    }
}
