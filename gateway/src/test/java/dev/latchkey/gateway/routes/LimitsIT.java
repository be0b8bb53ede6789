package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.MoodyBackend.Mood;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route takes, over real sockets and with a real Redis. */
final class LimitsIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    @TempDir
    private static Path folder;

    private static RedisProcess redis;
    private static MoodyBackend backend;
    private static RoutedGateway gateway;
    private static RoutedGateway other;

    @BeforeAll
    static void start() throws Exception {
        redis = RedisProcess.start();
        backend = new MoodyBackend("it");
        gateway = node("one");
        other = node("two");
    }

    private static RoutedGateway node(String name) throws Exception {
        return new RoutedGateway(
                RoutedGateway.routes("limits-routes.yml").replace("BACKEND", backend.address()),
                Files.createDirectory(folder.resolve(name)),
                "spring.data.redis.port=" + redis.port(),
                "latchkey.trusted-proxies=127.0.0.0/8");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
        backend.close();
        redis.close();
    }

    @BeforeEach
    void nothingIsCounted() {
        if (!redis.isRunning()) {
            redis.restart();
        }
        redis.flush();
        await().atMost(LONG).until(() -> isCounting(gateway) && isCounting(other));
        backend.is(Mood.of(200));
    }

    private static boolean isCounting(RoutedGateway node) {
        return node.get("/warm", "").startsWith("HTTP/1.1 200");
    }

    @Test
    void postWhenAnnouncedBodyIsTooLargeThen413AndTheBackendIsNotAsked() {
        String answer = gateway.send("POST", "/body/x", "Content-Length: 17\r\n", "x".repeat(17));

        assertThat(answer).startsWith("HTTP/1.1 413").contains("urn:latchkey:problem:content-too-large");
        assertThat(backend.requests()).isZero();
    }

    @Test
    void postWhenBodyIsAsLargeAsAllowedThenPasses() {
        assertThat(gateway.send("POST", "/body/x", "Content-Length: 16\r\n", "x".repeat(16)))
                .contains("POST /body/x 16");
        assertThat(gateway.send("POST", "/body/x", CHUNKED, chunk(8) + chunk(8) + "0\r\n\r\n"))
                .contains("POST /body/x 16");
        assertThat(gateway.get("/body/x", "")).contains("GET /body/x 0");
        assertThat(gateway.firstMessage("/body/x", "Connection: Upgrade\r\n")).isEqualTo("socket of it");
    }

    @ParameterizedTest
    @CsvSource({"1, 17", "2, 9", "17, 1", "3, 4096"})
    void postWhenChunkedBodyIsTooLargeThen413AndTheBackendHasNoWholeRequest(int chunks, int size) {
        String body = chunk(size).repeat(chunks) + "0\r\n\r\n";

        assertThat(gateway.send("POST", "/body/x", CHUNKED, body)).startsWith("HTTP/1.1 413");

        assertThat(backend.wholeRequests()).isZero();
    }

    /** The answer does not wait for an end that may never come, and the rest is not taken for the next request. */
    @Test
    void postWhenChunkedBodyIsTooLargeThen413AtOnceAndTheConnectionStays() {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("POST /body/x HTTP/1.1\r\nHost: localhost\r\n" + CHUNKED + "\r\n" + chunk(64));
            connection.readUntil("\"status\":413}");
            assertThat(backend.wholeRequests()).isZero();

            connection.send(chunk(64) + "0\r\n\r\nGET /body/next HTTP/1.1\r\nHost: localhost\r\n\r\n");

            connection.readUntil("GET /body/next 0");
        }
    }

    @Test
    void getWhenTooOftenThen429AndTheBackendIsNotAsked() {
        assertThat(three("/subject/x", "")).allMatch(answer -> answer.startsWith("HTTP/1.1 200"));

        assertThat(gateway.get("/subject/x", ""))
                .startsWith("HTTP/1.1 429")
                .contains("urn:latchkey:problem:too-many-requests")
                .containsPattern("Retry-After: 1[0-9]{3}\r\n");
        assertThat(backend.requests()).isEqualTo(3);
    }

    @Test
    void getWhenTheRouteAnswersItselfThenCountedToo() {
        assertThat(three("/answered/x", "")).allMatch(answer -> answer.startsWith("HTTP/1.1 204"));

        assertThat(gateway.get("/answered/x", "")).startsWith("HTTP/1.1 429");
    }

    @Test
    void getWhenAnotherNodeCountedThenItCountsHere() {
        three("/subject/x", "").forEach(answer -> assertThat(answer).startsWith("HTTP/1.1 200"));

        assertThat(other.get("/subject/x", "")).startsWith("HTTP/1.1 429");
    }

    @ParameterizedTest
    @CsvSource({
        "/subject/x, X-User: bob, 200",
        "/subject/x, X-Forwarded-For: 203.0.113.9, 429",
        "/guests/x, X-User: bob, 429",
        "/guests/x, X-Forwarded-For: 203.0.113.9, 200",
        "/address/x, X-User: bob, 429",
        "/address/x, X-Forwarded-For: 203.0.113.9, 200",
        "/route/x, X-User: bob, 429",
        "/route/x, X-Forwarded-For: 203.0.113.9, 429",
    })
    void getWhenAnotherClientAsksThenByTheRoutesKey(String target, String header, String status) {
        three(target, "").forEach(answer -> assertThat(answer).startsWith("HTTP/1.1 200"));
        assertThat(gateway.get(target, "")).startsWith("HTTP/1.1 429");

        assertThat(gateway.get(target, header + "\r\n")).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void getWhenAddressesAreOfOneIpv6NetworkThenTheyAreOneClient() {
        three("/address/x", "X-Forwarded-For: 2001:db8:1:2::1\r\n");

        assertThat(gateway.get("/address/x", "X-Forwarded-For: 2001:db8:1:2:ffff::9\r\n"))
                .startsWith("HTTP/1.1 429");
        assertThat(gateway.get("/address/x", "X-Forwarded-For: 2001:db8:1:3::1\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void socketWhenTooOftenThenRefusedBeforeItsHandshake() {
        three("/subject/x", "");

        assertThat(gateway.refusedSocket("/subject/x")).startsWith("HTTP/1.1 429");
    }

    @Test
    void keysWhenCountedThenNamesNobodyAndEndByThemselves() {
        three("/subject/x", "");
        three("/address/x", "X-Forwarded-For: 203.0.113.9\r\n");
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            List<String> keys = connection.sync().keys("latchkey:rate:*");
            assertThat(keys)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(key -> key.matches("latchkey:rate:\\{[\\w-]{43}}"));
            assertThat(keys).allMatch(key -> connection.sync().pttl(key) > 0);
        }
    }

    @Test
    void getWhenRedisIsAwayThenAsTheRouteSays() {
        redis.kill();

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(gateway.get("/subject/x", ""))
                        .startsWith("HTTP/1.1 503")
                        .contains("urn:latchkey:problem:unavailable", "Retry-After: "));
        assertThat(gateway.get("/lenient/x", "")).startsWith("HTTP/1.1 200");
        assertThat(gateway.get("/body/x", "")).startsWith("HTTP/1.1 200");

        redis.restart();

        await().atMost(LONG).until(() -> gateway.get("/subject/x", "").startsWith("HTTP/1.1 200"));
    }

    private static List<String> three(String target, String lines) {
        return List.of(gateway.get(target, lines), gateway.get(target, lines), gateway.get(target, lines));
    }

    private static String chunk(int size) {
        return Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n";
    }
}
