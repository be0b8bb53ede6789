package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.RawHttp2.Outcome;
import dev.latchkey.gateway.testing.World;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Requests by HTTP/2, on the lane and in the chain. */
final class Http2IT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.http2.cleartext", true));

    /** Of a client that says nothing of it. */
    private static final int WINDOW = 65_535;

    private final RawHttp2 client = RawHttp2.connect(WORLD.port());

    @AfterEach
    void close() {
        client.close();
    }

    private static String[] cookies(Browser browser) {
        return browser.jar().entrySet().stream()
                .flatMap(cookie -> Stream.of("cookie", cookie.getKey() + "=" + cookie.getValue()))
                .toArray(String[]::new);
    }

    @AboutTheLane
    @Test
    void requestWhenPublicThenAnsweredByTheLane() {
        double before = WORLD.operator().meter("latchkey_lane_requests_total");

        Outcome answer = client.get(1, "/open/x").await(1);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(WORLD.operator().meter("latchkey_lane_requests_total") - before)
                .isEqualTo(1);
    }

    @Test
    void requestWhenForTheChainThenAnsweredByIt() {
        Browser ada = WORLD.signedIn("ada");
        Outcome page = client.get(1, "/auth/session", cookies(ada)).await(1);
        Outcome missing = client.get(3, "/nowhere").await(3);

        assertThat(page.status()).isEqualTo(200);
        assertThat(missing.status()).isEqualTo(404);
    }

    @Test
    void cookiesWhenSentApartThenJoined() {
        Browser ada = WORLD.signedIn("ada");
        ada.get("/api/x");

        Outcome answer = client.get(1, "/api/x", cookies(ada)).await(1);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(WORLD.identityOf(WORLD.backend().last())).isNotNull();
    }

    @Test
    void authorityWhenAnotherThanHostThenRefused() {
        assertThat(client.get(1, "/open/x", "host", "other").await(1).status()).isEqualTo(400);
        assertThat(client.get(3, "/open/x", "host", "LOCALHOST").await(3).status())
                .isEqualTo(200);
    }

    /** What comes behind it counts on one name, on the lane and in the chain. */
    @Test
    void authorityWhenSeveralThenRefused() {
        assertThat(requestOf(1, "/open/x", ":authority")).isEqualTo(400);
        assertThat(requestOf(3, "/open/x", "host")).isEqualTo(400);
        assertThat(requestOf(5, "/auth/session", ":authority")).isEqualTo(400);
    }

    private int requestOf(int stream, String path, String field) {
        return client.headers(
                        stream,
                        true,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        path,
                        field,
                        "evil.example,localhost")
                .await(stream)
                .status();
    }

    @Test
    void bodyWhenSentInPartsThenArrivesWhole() {
        client.post(1, "/open/x", "content-length", "6").data(1, false, "abc").data(1, true, "def");
        client.post(3, "/open/x").data(3, false, "abc").data(3, true, "def");

        assertThat(client.await(1).status()).isEqualTo(200);
        assertThat(client.await(3).status()).isEqualTo(200);
        assertThat(WORLD.backend().received())
                .extracting(received -> received.headers().get("Transfer-Encoding"))
                .containsExactlyInAnyOrder(null, "chunked");
    }

    /** By the lane, and through the chain. */
    @Test
    void viaWhenForwardedThenItSaysWhatTheClientSpoke() {
        client.get(1, "/open/x").await(1);
        client.headers(3, true, ":method", "OPTIONS", ":scheme", "http", ":path", "/open/x", ":authority", "localhost")
                .await(3);

        assertThat(WORLD.backend().received())
                .extracting(received -> received.headers().getAll("Via"))
                .containsExactly(List.of("2.0 latchkey"), List.of("2.0 latchkey"));
    }

    @Test
    void headWhenAskedThenHasNoBody() {
        client.headers(1, true, ":method", "HEAD", ":scheme", "http", ":path", "/open/x", ":authority", "localhost");

        assertThat(client.await(1).status()).isEqualTo(200);
        assertThat(client.of(1).body()).isEmpty();
    }

    @Test
    void answerWhenLargeThenPassesTheWindows() {
        client.keepWindows().get(1, "/open/large").awaitBody(1, WINDOW);
        client.ping();
        assertThat(client.of(1).body().length()).isEqualTo(WINDOW);
        assertThat(client.get(3, "/open/x").awaitHead(3).status()).isEqualTo(200);
    }

    @Test
    void upgradeToAnotherProtocolWhenAskedThenRefused() {
        client.headers(1, false, ":method", "CONNECT", ":authority", "localhost");
        client.headers(
                3,
                false,
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":path",
                "/api/socket",
                ":authority",
                "localhost");

        assertThat(client.await(1).status()).isEqualTo(405);
        assertThat(client.await(3).status()).isEqualTo(405);
        assertThat(client.setting(8)).isNull();
    }

    @Test
    void answerWhenItComesBeforeTheRequestIsWholeThenTheRestIsNotWanted() {
        client.post(1, "/nowhere").data(1, false, "abc");

        assertThat(client.await(1).status()).isEqualTo(404);
        assertThat(client.awaitReset(1).reset()).isEqualTo(Http2Error.NO_ERROR.code());
    }

    @Test
    void eventStreamWhenItsSessionIsRevokedThenEndsAloneOnItsConnection() {
        Browser ada = WORLD.signedIn("ada");
        ada.get("/api/x");
        client.get(1, "/api/events", cookies(ada)).awaitBody(1, 1);

        ada.post("/auth/sign-out");

        assertThat(client.await(1).isEnded()).isTrue();
        assertThat(client.get(3, "/open/x").await(3).status()).isEqualTo(200);
    }

    /** What is left before the codec of HTTP/1.1 would look for its heads in frames. */
    @Test
    @AboutTheLane
    void handlersWhenAConnectionBeginsThenInTheirOrderAndOfOneProtocol() {
        NettyReactiveWebServerFactory factory = WORLD.gateway().bean(NettyReactiveWebServerFactory.class);
        HttpServer server = HttpServer.create();
        for (NettyServerCustomizer customizer : factory.getServerCustomizers()) {
            server = customizer.apply(server);
        }
        EmbeddedChannel connection = new EmbeddedChannel(
                server.configuration().channelInitializer(ConnectionObserver.emptyListener(), null, true));
        try {
            assertThat(connection.pipeline().names())
                    .containsSubsequence(
                            "latchkey.close",
                            "latchkey.bytes",
                            "latchkey.protocol",
                            "latchkey.handshake-hold",
                            NettyPipeline.HttpCodec,
                            "latchkey.handshake-watch",
                            "latchkey.guard",
                            "latchkey.timeouts",
                            "latchkey.lane",
                            "latchkey.turns",
                            "latchkey.spelling",
                            NettyPipeline.HttpTrafficHandler,
                            "latchkey.exchange-tracker",
                            "latchkey.faults",
                            "latchkey.request-trailers",
                            NettyPipeline.ReactiveBridge);

            connection.writeInbound(Http2CodecUtil.connectionPrefaceBuf().retainedDuplicate());
            assertThat(connection.pipeline().names())
                    .filteredOn(name -> name.startsWith("latchkey."))
                    .containsExactly(
                            "latchkey.close",
                            "latchkey.frames",
                            "latchkey.connection",
                            "latchkey.timeouts",
                            "latchkey.faults");
        } finally {
            connection.finishAndReleaseAll();
        }
    }

    @Test
    void connectionWhenTheNodeStopsThenServesItsLastStream() throws InterruptedException {
        Gateway node = WORLD.startNode();
        try (RawHttp2 last = RawHttp2.connect(node.port())) {
            last.get(1, "/open/hold/last").ping();
            Thread stop = new Thread(node::close);
            stop.start();
            while (last.goAway() < 0) {
                last.read();
            }
            assertThat(last.goAway()).isZero();
            assertThat(last.lastStream()).isEqualTo(1);

            WORLD.backend().release("last");

            assertThat(last.await(1).body()).isEqualTo("held");
            last.awaitEnd();
            stop.join();
        }
    }
}
