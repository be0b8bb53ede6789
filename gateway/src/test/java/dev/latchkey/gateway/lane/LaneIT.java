package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.server.WebFilter;

/** Which requests take the lane, and that a connection may go both ways in turn. */
@AboutTheLane
final class LaneIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    /** Far less than a copy of the denylist may be behind. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static Gateway node;

    @BeforeAll
    static void start() {
        node = WORLD.startFreshNode(Map.of());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static double taken() {
        return WORLD.operator().meter("latchkey_lane_requests_total");
    }

    private static double taken(Gateway node) {
        return new Operator(node.managementUrl()).meter("latchkey_lane_requests_total");
    }

    @Test
    void requestsWhenThisNodeCanDecideThenTakeTheLane() {
        Browser browser = WORLD.signedIn("ada");
        browser.get("/api/x");
        double before = taken();

        assertThat(WORLD.browser().get("/open/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.browser().get("/maybe/x").statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(post(browser, "/api/x").statusCode()).isEqualTo(200);

        assertThat(taken() - before).isEqualTo(4);
        assertThat(WORLD.identityOf(WORLD.backend().last())).isNotNull();
    }

    private static HttpResponse<String> post(Browser browser, String path) {
        return browser.send(
                browser.request(path).header("Origin", World.ORIGIN).POST(BodyPublishers.ofString("a body")));
    }

    @Test
    void requestsWhenTheyNeedMoreThenTakeTheChain() {
        Browser browser = WORLD.signedIn("ada");
        browser.get("/api/x");
        double before = taken();

        assertThat(browser.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(browser.get("/admin/x").statusCode()).isEqualTo(403);
        assertThat(WORLD.browser().get("/api/x").statusCode()).isEqualTo(401);
        assertThat(browser.get("/auth/session").statusCode()).isEqualTo(200);
        assertThat(RawConnection.status(WORLD.port(), RawConnection.get("/open/a;b", "")))
                .isEqualTo(400);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);

        assertThat(taken() - before).isZero();
    }

    @Test
    void accessTokenWhenItsSessionIsRevokedThenRefusedAtOnce() {
        Browser browser = WORLD.signedIn("ada");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        Browser copy = browser.copy();

        browser.post("/auth/sign-out");

        assertThat(copy.get("/api/x").statusCode()).isEqualTo(401);
    }

    /** What one node is told of by the other holds for both ways at once; HTTP/1.0 has no lane. */
    @Test
    void accessTokenWhenItsSessionIsRevokedAtAnotherNodeThenRefusedAsSoonAsInTheChain() {
        Browser browser = WORLD.signedIn("ada");
        Browser copy = browser.copy().at(node.url());
        String chain = "GET /api/x HTTP/1.0\r\nHost: localhost\r\nCookie: " + copy.cookies() + "\r\n\r\n";
        double before = taken(node);
        await().atMost(SOON).until(() -> copy.get("/api/x").statusCode() == 200 && taken(node) > before);
        assertThat(RawConnection.status(node.port(), chain)).isEqualTo(200);

        browser.post("/auth/sign-out");

        await().atMost(SOON).until(() -> RawConnection.status(node.port(), chain) == 401);
        assertThat(copy.get("/api/x").statusCode()).isEqualTo(401);
    }

    /** RFC 9110 section 7.6.2. With other methods it means nothing. */
    @ParameterizedTest
    @CsvSource({
        "OPTIONS, 1, 0",
        "OPTIONS, 0010, 9",
        "OPTIONS, 10000000000000000000000, 999999999",
        "GET, 0, 0",
        "GET, x, x",
    })
    void maxForwardsWhenForwardedThenOneLess(String method, String said, String left) {
        assertThat(limited(method, "/open/x", said)).startsWith("HTTP/1.1 200 ");
        assertThat(WORLD.backend().last().headers().get("Max-Forwards")).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"/open/x, 0, 204", "/open/x, 000, 204", "/api/x, 0, 401"})
    void maxForwardsWhenUsedUpThenTheGatewayAnswersByItself(String path, String said, int status) {
        WORLD.backend().forget();

        assertThat(limited("OPTIONS", path, said)).startsWith("HTTP/1.1 " + status + " ");
        assertThat(WORLD.backend().received()).isEmpty();
    }

    private static String limited(String method, String path, String hops) {
        return RawConnection.exchange(
                WORLD.port(),
                RawConnection.get(path, "Max-Forwards: " + hops + "\r\n").replace("GET", method));
    }

    /** The answers of one connection come in the order of its requests, whichever way each takes. */
    @ParameterizedTest
    @ValueSource(
            strings = {"lane chain lane", "chain lane chain", "lane lane lane lane", "chain chain lane lane chain lane"
            })
    void pipelineWhenBothWaysAreMixedThenAnsweredInOrder(String ways) {
        List<String> order = List.of(ways.split(" "));
        StringBuilder requests = new StringBuilder();
        IntStream.range(0, order.size())
                .forEach(number -> requests.append("GET ")
                        .append(order.get(number).equals("lane") ? "/open/" + number : "/open/;" + number)
                        .append(" HTTP/1.1\r\nHost: localhost\r\n")
                        .append(number == order.size() - 1 ? "Connection: close\r\n" : "")
                        .append("\r\n"));

        String answers = RawConnection.exchange(WORLD.port(), requests.toString());

        List<String> statuses = Pattern.compile("HTTP/1\\.1 (\\d{3}) ")
                .matcher(answers)
                .results()
                .map(status -> status.group(1))
                .toList();
        assertThat(statuses)
                .isEqualTo(order.stream()
                        .map(way -> way.equals("lane") ? "200" : "400")
                        .toList());
    }

    private static String post(String line) {
        return "POST /open/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n" + line
                + "\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
    }

    @Test
    void bodyWhenPipelinedBehindAnotherThenArrivesWhole() {
        String answers = RawConnection.exchange(WORLD.port(), post("") + post("Connection: close\r\n"));

        assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(3);
    }

    /** As many as one read brings. */
    @ParameterizedTest
    @CsvSource({
        "/open/x, /open/x",
        "/open/;x, /open/x",
        "/open/x, /open/;x",
        "/open/;x, /open/;x",
        "/auth/sign-in, /auth/me"
    })
    void requestsWhenManyArePipelinedBehindABodyThenAllAnswered(String first, String then) {
        String body = "POST " + first + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody";
        String next = ("GET " + then + " HTTP/1.1\r\nHost: a\r\n\r\n").repeat(299);

        String answers = RawConnection.exchange(WORLD.port(), body + next + RawConnection.get("/open/x", ""));

        assertThat(answers.split("HTTP/1\\.1 [24]\\d\\d ", -1)).hasSize(302);
    }

    @Test
    void laneWhenABuildHasSomethingThatMustSeeEachRequestThenNotThere() {
        WebFilter known = (exchange, chain) -> chain.filter(exchange);
        assertThat(customizers(Map.of("known", known), Map.of())).isEqualTo(1);

        for (Class<?> type : List.of(
                WebFilter.class,
                GlobalFilter.class,
                HttpHandlerDecoratorFactory.class,
                NettyServerCustomizer.class,
                WebServerFactoryCustomizer.class)) {
            Object foreign = Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {type}, (bean, method, values) -> null);
            assertThat(customizers(Map.of("foreign", foreign), Map.of()))
                    .as(type.getName())
                    .isZero();
        }
    }

    /** The server's own handler does not see what the lane forwards. */
    @ParameterizedTest
    @CsvSource({
        "server.compression.enabled, true, 0",
        "server.compression.enabled, false, 1",
        "server.netty.max-keep-alive-requests, 100, 0",
        "server.netty.maxKeepAliveRequests, 100, 0",
        "server.netty.idle-timeout, 30s, 0",
        "server.netty.connection-timeout, 30s, 1",
        "server.forward-headers-strategy, native, 0",
        "server.forward-headers-strategy, framework, 0",
        "server.forward-headers-strategy, NONE, 1",
        "spring.webflux.base-path, /shop, 0",
        "spring.cloud.gateway.server.webflux.metrics.enabled, true, 0",
        "spring.cloud.gateway.server.webflux.observability.enabled, true, 0",
        "reactor.netty.http.server.accessLogEnabled, true, 0",
        "reactor.netty.http.server.accessLogEnabled, false, 1",
    })
    void laneWhenTheServerHasToSeeEachRequestThenNotThere(String property, String value, int expected) {
        assertThat(customizers(Map.of(), Map.of(property, value))).isEqualTo(expected);
    }

    /** HTTP/1.0 has no lane. */
    @Test
    void requestWhenTheFrameworkHasRulesForOtherOriginsThenRefusedWhicheverWayItTakes() {
        String rules = "spring.cloud.gateway.server.webflux.globalcors.cors-configurations.[/**].allowed-origins";
        String evil = RawConnection.get("/open/x", "Origin: https://evil.example\r\n");
        try (Gateway ruled = WORLD.startNode(Map.of(rules, "https://friend.example"))) {
            assertThat(RawConnection.status(ruled.port(), evil.replace("HTTP/1.1", "HTTP/1.0")))
                    .isEqualTo(403);
            assertThat(RawConnection.status(ruled.port(), evil)).isEqualTo(403);
        }
    }

    private static int customizers(Map<String, Object> beans, Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        StaticListableBeanFactory all = new StaticListableBeanFactory(new HashMap<>(beans));
        return customizers(new LaneInstaller(new LaneProperties(true), node.bean(Lane.class), all, environment));
    }

    private static int customizers(LaneInstaller installer) {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
        installer.customize(factory);
        return factory.getServerCustomizers().size();
    }

    @ParameterizedTest
    @CsvSource({
        "org.springframework.security.web.server.WebFilterChainProxy, true",
        "com.example.Audit, true",
        "org.springframework.cloud.gateway.filter.AdaptCachedBodyGlobalFilter, false",
    })
    void filterWhenItMayRefuseRequestsThenForeign(String name, boolean isForeign) {
        assertThat(LaneInstaller.isForeign(name)).isEqualTo(isForeign);
    }

    @Test
    void connectionWhenItsClientAsksThenClosed() {
        String answer = RawConnection.exchange(WORLD.port(), RawConnection.get("/open/x", ""));

        assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
    }

    @Test
    void requestWhenBehindOneThatEndsTheConnectionThenNotForwarded() {
        WORLD.backend().forget();

        String answers = RawConnection.exchange(
                WORLD.port(),
                "GET /open/;0 HTTP/1.0\r\nHost: localhost\r\n\r\nGET /open/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answers).startsWith("HTTP/1.1 400").doesNotContain(" 200 ");
        assertThat(WORLD.backend().received()).isEmpty();
    }
}
