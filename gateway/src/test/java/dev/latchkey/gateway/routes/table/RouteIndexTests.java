package dev.latchkey.gateway.routes.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.matching.MatchContext;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.routes.LinearMatcher;
import dev.latchkey.gateway.routes.definition.RouteMatch;
import dev.latchkey.gateway.routes.definition.TrafficSplit;
import dev.latchkey.gateway.routes.definition.pattern.Expression;
import dev.latchkey.gateway.routes.definition.pattern.HostPattern;
import dev.latchkey.gateway.routes.definition.pattern.RoutePath;
import dev.latchkey.gateway.routes.definition.pattern.ValueCondition;
import dev.latchkey.gateway.routes.definition.pattern.ValueMatcher;
import dev.latchkey.gateway.routes.parse.PathPatterns;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** The index finds what trying every route in order finds, on tables and requests made at random. */
final class RouteIndexTests {

    private static final int TABLES = 60;
    private static final int REQUESTS = 300;
    private static final List<String> WORDS = List.of("a", "b", "api", "A", "caf\u00e9", "x.y", "a-b");
    private static final List<String> PIECES =
            List.of("*", "{v}", "{w}", "a*", "*b", "a?i", "?", "{n:[a-b]+}", "{n:a*}{m:b*}", "v{k}", "x.*", "{e:.*}");
    private static final List<String> ENDS = List.of("", "", "", "/", "/**", "/**", "/{*rest}");
    private static final List<String> SENT = List.of(
            "a", "b", "api", "A", "caf%C3%A9", "x.y", "a-b", "%61", "ab", "v1", "", ";p=1", "a;p=1", "zz", "%2F");
    private static final List<String> HOSTS =
            List.of("one.example", "two.example", "[::1]", "*.example", "*.one.example", "*.a.one.example");
    private static final List<String> ASKED = List.of(
            "one.example",
            "two.example",
            "[::1]",
            "ONE.example:80",
            "two.example.",
            "else",
            "[::1]:1",
            "a.one.example",
            "b.a.one.example:8080",
            ".one.example",
            "example",
            "xone.example",
            "a." + "x".repeat(260) + ".one.example");
    private static final List<ValueMatcher> TESTS = List.of(
            new ValueMatcher.Exact("1"),
            new ValueMatcher.Present(true),
            new ValueMatcher.Present(false),
            new ValueMatcher.Fits(new Expression("[0-9]+")));

    static Stream<Integer> seeds() {
        return IntStream.range(0, TABLES).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findWhenTableIsRandomThenAsTheLinearMatcher(int seed) {
        Random random = new Random(seed);
        List<RouteMatch> table = table(random);
        RouteIndex index = new RouteIndex(table);
        LinearMatcher linear = new LinearMatcher(table);

        for (int count = 0; count < REQUESTS; count++) {
            ServerHttpRequest request = request(random);
            assertThat(index.find(context(request)))
                    .as("%s with %s on %s", request.getURI(), request.getHeaders(), table)
                    .isEqualTo(linear.find(context(request)))
                    .isEqualTo(index.find(nettyContext(request)));
        }
    }

    /** Or the test above would hold of an index that finds nothing. */
    @Test
    void requestsWhenRandomThenMatchManyRoutesAndSometimesNone() {
        Set<OptionalInt> found = new HashSet<>();
        for (int seed = 0; seed < TABLES; seed++) {
            Random random = new Random(seed);
            LinearMatcher linear = new LinearMatcher(table(random));
            for (int count = 0; count < REQUESTS; count++) {
                found.add(linear.find(context(request(random))));
            }
        }

        assertThat(found).hasSizeGreaterThan(30).contains(OptionalInt.empty(), OptionalInt.of(0));
    }

    @Test
    void findWhenManyRoutesThenOnlyThoseThatFitAreTried() {
        List<RouteMatch> table = new ArrayList<>();
        for (int number = 0; number < 1000; number++) {
            List<RoutePath> paths = List.of(PathPatterns.parse("/tenants/{t}/r" + number + "/**"));
            table.add(new RouteMatch(paths, Set.of(), List.of(), List.of(), List.of(), Optional.empty()));
        }
        PathTree tree = new PathTree();
        IntStream.range(0, table.size())
                .forEach(number -> table.get(number).paths().forEach(path -> tree.add(path, number)));

        RouteCandidates candidates = tree.collect(PathSegments.of("/tenants/7/r900/x"), 0, null);

        assertThat(RouteCandidates.next(candidates)).isEqualTo(900);
        assertThat(RouteCandidates.next(candidates)).isEqualTo(RouteCandidates.NONE);
    }

    private List<RouteMatch> table(Random random) {
        List<RouteMatch> table = new ArrayList<>();
        int size = 1 + random.nextInt(60);
        for (int number = 0; number < size; number++) {
            List<RoutePath> paths = new ArrayList<>();
            for (int path = random.nextInt(3); path >= 0; path--) {
                paths.add(PathPatterns.parse(pattern(random)));
            }
            Set<String> methods = random.nextInt(4) == 0 ? Set.of("POST") : Set.of();
            List<HostPattern> hosts = Stream.generate(() -> HostPattern.of(any(HOSTS, random)))
                    .limit(random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0)
                    .toList();
            RouteMatch match = new RouteMatch(
                    paths, methods, hosts, sometimes("X-V", random), sometimes("v", random), Optional.empty());
            table.add(random.nextInt(6) == 0 ? match.with(Optional.of(split(random))) : match);
        }
        return table;
    }

    private static List<ValueCondition> sometimes(String name, Random random) {
        return random.nextInt(4) == 0 ? List.of(new ValueCondition(name, any(TESTS, random))) : List.of();
    }

    private static TrafficSplit split(Random random) {
        int from = random.nextInt(100);
        return new TrafficSplit(random.nextInt(3), from, from + random.nextInt(101 - from), 100);
    }

    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder(random.nextInt(60) == 0 ? "/**" : "");
        int segments = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3);
        Set<String> used = new HashSet<>();
        for (int segment = 0; segment < segments; segment++) {
            String piece = any(random.nextInt(3) == 0 ? PIECES : WORDS, random);
            pattern.append('/').append(piece.contains("{") && !used.add(piece.substring(0, 2)) ? "*" : piece);
        }
        String end = pattern.indexOf("**") >= 0 ? "" : any(ENDS, random);
        return pattern.isEmpty() && end.isEmpty() ? "/" : pattern + end;
    }

    private static ServerHttpRequest request(Random random) {
        StringBuilder path = new StringBuilder();
        int segments = random.nextInt(5);
        for (int segment = 0; segment < segments; segment++) {
            path.append('/').append(any(SENT, random));
        }
        if (path.isEmpty() || random.nextInt(4) == 0) {
            path.append('/');
        }
        path.append(any(List.of("", "", "?v=1", "?v=x", "?v", "?v=x&v=1"), random));
        HttpMethod method = any(List.of(HttpMethod.GET, HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS), random);
        MockServerHttpRequest.BaseBuilder<?> request = request(method, path.toString(), any(ASKED, random));
        any(List.of(List.<String>of(), List.<String>of(), List.of("1"), List.of("x"), List.of("x", "1")), random)
                .forEach(value -> request.header("X-V", value));
        if (random.nextBoolean()) {
            request.header(HttpHeaders.ORIGIN, "https://other.example");
            request.header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, any(List.of("GET", "POST"), random));
        }
        return request.build();
    }

    private static MockServerHttpRequest.BaseBuilder<?> request(HttpMethod method, String path, String host) {
        return MockServerHttpRequest.method(method, URI.create("http://h" + path))
                .header(HttpHeaders.HOST, host);
    }

    private static MatchContext nettyContext(ServerHttpRequest request) {
        HttpRequest same = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                io.netty.handler.codec.http.HttpMethod.valueOf(
                        request.getMethod().name()),
                request.getURI().toString().substring("http://h".length()));
        request.getHeaders().forEach((name, values) -> same.headers().set(name, values));
        return new MatchContext(
                new NettyRequestHead(same, new ClientConnection(Optional.empty(), false, false)),
                head -> String.valueOf(head.query()));
    }

    private static MatchContext context(ServerHttpRequest request) {
        return new MatchContext(new SpringRequestHead(request), head -> String.valueOf(head.query()));
    }

    private static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
