package dev.latchkey.gateway.routes.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.token.EndpointPaths;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table answers a head as Netty reads it; no exchange of the framework's is needed. */
final class LiveRoutesTests {

    private static final String FILE = """
            version: 1
            routes:
              - id: orders
                match:
                  path: "/api/orders/{id}"
                  methods: [GET]
                  host: shop.example
                  headers: { X-V: "1" }
                  query: { v: "2" }
                to: http://127.0.0.1:1
                entry: { access: public }
              - { id: old, match: { path: /split, weight: 50 }, to: "http://127.0.0.1:1", entry: { access: public } }
              - { id: new, match: { path: /split, weight: 50 }, to: "http://127.0.0.1:2", entry: { access: public } }
              - { id: rest, match: { path: /** }, to: "http://127.0.0.1:1", entry: { access: public } }
            """;

    private final RouteTable table =
            RouteTable.first(TestRoutes.read(FILE), new RouteFactory((route, entry) -> {}), Instant.EPOCH);
    private final LiveRoutes routes =
            new LiveRoutes(() -> table, head -> String.valueOf(head.query()), new ReservedPaths(EndpointPaths.DEFAULT));

    @Test
    void findWhenEverythingMatchesThenTheRouteWithWhatTheFileSays() {
        ActiveRoute route = find("/api/orders/%37?v=2", "X-V", "1").orElseThrow();

        assertThat(route.entry().id()).isEqualTo("orders");
        assertThat(route.forChain().getId()).isEqualTo("orders");
        assertThat(route.rule().access()).isEqualTo(AccessLevel.PUBLIC);
        assertThat(id("/api/orders/7?v=2", "X-V", "2")).contains("rest");
        assertThat(id("/api/orders/7?v=3", "X-V", "1")).contains("rest");
        assertThat(id("/api/orders/7/x?v=2", "X-V", "1")).contains("rest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth", "/auth/", "/auth/sign-in?x", "/%61uth/x", "/auth;x=1/y", "/.well-known/jwks.json"})
    void findWhenPathIsTheGatewaysOwnThenNone(String target) {
        assertThat(id(target, "X-V", "1")).isEmpty();
    }

    @Test
    void findWhenTheGatewaysPathsAreMovedThenOnlyTheOldOnesAreFree() {
        LiveRoutes moved =
                new LiveRoutes(() -> table, head -> "", new ReservedPaths(new EndpointPaths("/internal/login")));

        assertThat(moved.find(head("/auth/sign-in", "X-V", "1"))).isPresent();
        assertThat(moved.find(head("/internal/loginx", "X-V", "1"))).isPresent();
        assertThat(moved.find(head("/internal/login", "X-V", "1"))).isEmpty();
        assertThat(moved.find(head("/internal/%6cogin/sign-in?x", "X-V", "1"))).isEmpty();
        assertThat(moved.find(head("/.well-known/jwks.json", "X-V", "1"))).isEmpty();
    }

    @Test
    void countWhenAskedThenOnlyWhatWasCounted() {
        ActiveRoute route = find("/a", "X-V", "1").orElseThrow();
        assertThat(table.requests("rest")).isZero();

        route.count();

        assertThat(table.requests("rest")).isEqualTo(1);
        assertThat(table.next(TestRoutes.read(FILE), new RouteFactory((its, entry) -> {}), Instant.EPOCH)
                        .requests("rest"))
                .isEqualTo(1);
    }

    @Test
    void findWhenTrafficIsSplitThenByTheStickyKeyAlone() {
        List<String> taken = IntStream.range(0, 100)
                .mapToObj(client -> id("/split?" + client, "X-V", "1").orElseThrow())
                .toList();

        assertThat(taken).contains("old", "new").doesNotContain("rest");
        assertThat(IntStream.range(0, 100)
                        .mapToObj(client -> id("/split?" + client, "X-V", "7").orElseThrow())
                        .toList())
                .isEqualTo(taken);
    }

    private Optional<String> id(String target, String name, String value) {
        return find(target, name, value).map(route -> route.entry().id());
    }

    private Optional<ActiveRoute> find(String target, String name, String value) {
        return routes.find(head(target, name, value));
    }

    private static NettyRequestHead head(String target, String name, String value) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        request.headers().set("Host", "shop.example:443").set(name, value);
        return new NettyRequestHead(request, new ClientConnection(Optional.empty(), true, false));
    }
}
